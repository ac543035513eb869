"""`make mutants`: plants the faults of the list one at a time and says which test finds each."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.test_memory import tree_digest
from tests.mutants.faults import ROOT, Fault, all_faults, problems_of
from tests.mutants.runner import FOUND, Bench, Outcome, table

REPORT = ROOT / "build" / "reports" / "mutants.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description="逐个植入缺陷，检查测试能否发现。")
    parser.add_argument("--only", action="append", default=[], help="只植入这个缺陷（可重复）")
    parser.add_argument("--kind", action="append", default=[], help="只植入这一类缺陷（可重复）")
    parser.add_argument("--list", action="store_true", help="只列出缺陷")
    parser.add_argument("--check", action="store_true", help="只检查每个缺陷的原文在代码中恰好出现一次")
    parser.add_argument("--fresh", action="store_true", help="从头运行，不接着上次")
    parser.add_argument("--workers", type=int, default=1, help="同时运行的测试数")
    wanted = parser.parse_args()
    faults = chosen(all_faults(), wanted.only, wanted.kind)
    if wanted.list:
        for fault in faults:
            say(f"{fault.id:32} {fault.kind:9} {fault.what}")
        return
    problems = problems_of(faults)
    if problems or wanted.check:
        for problem in problems:
            say(problem)
        say(f"{len(faults)} faults, {len(problems)} problems")
        sys.exit(1 if problems else 0)
    if wanted.fresh:
        REPORT.unlink(missing_ok=True)
    already = gone_on(REPORT, tree_digest(ROOT, []))
    # A fault asked for by its name is planted again.
    left = [fault for fault in faults if wanted.only or fault.id not in already]
    if len(left) < len(faults):
        say(f"the tree is as it was: {len(faults) - len(left)} faults were found already, --fresh plants them again")
    found = len(faults) - len(left) + report(Bench(ROOT, workers=wanted.workers).outcomes(left), REPORT)
    say(f"{found} of {len(faults)} faults found")
    sys.exit(0 if found == len(faults) else 1)


def chosen(faults: tuple[Fault, ...], only: list[str], kinds: list[str]) -> tuple[Fault, ...]:
    """The faults asked for; an id that is not in the list ends the run."""
    unknown = set(only) - {fault.id for fault in faults}
    if unknown:
        sys.exit(f"no such fault: {', '.join(sorted(unknown))}")
    return tuple(fault for fault in faults if (not only or fault.id in only) and (not kinds or fault.kind in kinds))


def gone_on(path: Path, digest: str) -> set[str]:
    """Return the faults that a run on this very tree found before it was broken off; else begin a report with its digest."""
    first, *lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else [""]
    if not digest or first != digest:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{digest}\n", encoding="utf-8")
        return set()
    return {line.split()[0] for line in lines if f" {FOUND} " in line}


def report(outcomes: Iterator[Outcome], path: Path) -> int:
    """Print each outcome and add it to the report as it comes; how many faults were found."""
    found = 0
    with path.open("a", encoding="utf-8") as kept:
        for line, outcome in ((next(table([one])), one) for one in outcomes):
            say(line)
            kept.write(line + "\n")
            kept.flush()
            found += outcome.found
    return found


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
