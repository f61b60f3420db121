"""What the portal is for, played in a browser: real web server, real worker, the demo company."""
