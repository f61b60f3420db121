"""The command: which benchmark, how large."""

import argparse
import json

from bench import boards, cases, closing, diagnosis, effect, home, importing, recording

BENCHMARKS = {
    "board": boards.board,
    "board-scale": boards.board_scale,
    "poll": boards.poll,
    "record": recording.record,
    "import": importing.import_sales,
    "import-scale": importing.import_scale,
    "home": home.home,
    "diagnosis": diagnosis.diagnosis,
    "diagnosis-outside": diagnosis.diagnosis_outside,
    "diagnosis-scale": diagnosis.diagnosis_scale,
    "close": closing.close,
    "cases": cases.cases,
    "effect": effect.effect,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("--reps", type=int, help="how many reps, where the benchmark has any")
    parser.add_argument("--sales", type=int, help="how many sales, where the benchmark has any")
    parser.add_argument("--companies", type=int, help="how many simulated companies, where it uses any")
    parser.add_argument("--seconds", type=float, default=3.0, help="a turn of one side (default 3)")
    parser.add_argument("--turns", type=int, default=5, help="of each side (default 5)")
    arguments = parser.parse_args()
    wanted = {name: value for name, value in vars(arguments).items() if value is not None and name != "name"}
    print(json.dumps(BENCHMARKS[arguments.name](**wanted), indent=2))


main()
