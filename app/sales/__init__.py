"""Sales: products, customers, a sale from first contact to follow-up, activities, exchange rates.

Not here: what is counted from them (metrics), who is ahead (leaderboards).
"""
