"""The bulk judge: houses first, then contracts in the order they were signed (decisions 1, 2)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from services.engine.findings import Finding, Outcome, Rule, Severity, judge
from services.legacy.periods import Lettings
from services.legacy.profile import CONTRACT_CHECKS, HOUSE_CHECKS, INTERVAL_DAYS, ContractFacts, HouseFacts
from services.legacy.rows import LegacyContract, LegacyHouse, RuleLine, read_rows, read_rules
from services.tenancy.predicates import WHOLE

_SEVERITY = {"fail": Severity.REFUSE, "manual": Severity.INTERCEPT}
_VERDICT = {Outcome.PASS: "pass", Outcome.INTERCEPT: "manual", Outcome.REFUSE: "fail"}
_ONE_DAY = timedelta(days=1)

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on a row: pass, manual or fail, with its codes in alphabetical order."""

    row: int
    number: str
    verdict: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class LegacyReport:
    """Verdicts of both files, in file order."""

    houses: tuple[Verdict, ...]
    contracts: tuple[Verdict, ...]
    rules: tuple[RuleLine, ...]

    def contract_lines(self) -> Iterator[dict[str, Any]]:
        """Return a line per contract; consumers match by `row`, for contract numbers repeat."""
        return (_line(verdict, "contract_no") for verdict in self.contracts)

    def house_lines(self) -> Iterator[dict[str, Any]]:
        return (_line(verdict, "house_id") for verdict in self.houses)

    def summary(self) -> dict[str, Any]:
        """Return how many rows came to which verdict, and how often each rule spoke."""
        spoken = Counter(code for verdict in (*self.houses, *self.contracts) for code in verdict.codes)
        return {
            "houses": _tally(self.houses),
            "contracts": _tally(self.contracts),
            "rules": [
                {
                    "no": rule.no,
                    "code": rule.code,
                    "verdict": rule.verdict,
                    "text": rule.text,
                    "count": spoken[rule.code],
                }
                for rule in self.rules
            ],
        }


def _line(verdict: Verdict, number: str) -> dict[str, Any]:
    return {"row": verdict.row, number: verdict.number, "verdict": verdict.verdict, "codes": list(verdict.codes)}


def _tally(verdicts: Sequence[Verdict]) -> dict[str, int]:
    counts = Counter(verdict.verdict for verdict in verdicts)
    return {"rows": len(verdicts)} | {name: counts[name] for name in ("pass", "manual", "fail")}


def judge_files(houses: Path, contracts: Path, params: Path) -> LegacyReport:
    """Judge two files by the rules of a third; a file that cannot be read is refused with row and column."""
    rules = read_rules(params, frozenset(HOUSE_CHECKS) | frozenset(CONTRACT_CHECKS))
    known = read_rows(houses, LegacyHouse)
    house_verdicts = judge_houses(known, rules)
    return LegacyReport(
        tuple(house_verdicts),
        tuple(judge_contracts(read_rows(contracts, LegacyContract), known, house_verdicts, rules)),
        tuple(rules),
    )


def judge_houses(houses: Sequence[LegacyHouse], rules: Iterable[RuleLine]) -> list[Verdict]:
    """A verdict per house; what is unique is looked for in the whole file."""
    active = _rules(HOUSE_CHECKS, rules)
    holders: dict[str, str] = {}
    shared_certs: set[str] = set()
    for house in houses:
        cert = _cert_key(house)
        if holders.setdefault(cert, house.house_id) != house.house_id:
            shared_certs.add(cert)
    addresses = Counter(house.address for house in houses)
    return [
        _judged(
            HouseFacts(house, _cert_key(house) in shared_certs, addresses[house.address] > 1),
            active,
            house.row,
            house.house_id,
        )
        for house in houses
    ]


def _cert_key(house: LegacyHouse) -> str:
    return house.cert_no.replace("(", "（").replace(")", "）").replace(" ", "")


def judge_contracts(
    contracts: Sequence[LegacyContract],
    houses: Sequence[LegacyHouse],
    house_verdicts: Sequence[Verdict],
    rules: Iterable[RuleLine],
) -> list[Verdict]:
    """A verdict per contract in file order; a refused one holds nothing against those signed after it."""
    active = _rules(CONTRACT_CHECKS, rules)
    known = {house.house_id: (house, verdict.verdict) for house, verdict in zip(houses, house_verdicts, strict=True)}
    seen: set[str] = set()
    lettings: defaultdict[str, Lettings] = defaultdict(Lettings)
    cancelled: defaultdict[tuple[str, frozenset[str]], set[date]] = defaultdict(set)
    verdicts: dict[int, Verdict] = {}
    for contract in sorted(contracts, key=lambda contract: contract.signed_on):
        house, house_verdict = known.get(contract.house_id, (None, ""))
        part = contract.room if contract.by_room else WHOLE
        tenants = (contract.house_id, frozenset(contract.lessees))
        facts = ContractFacts(
            contract,
            house,
            house_verdict,
            number_seen=contract.contract_no in seen,
            overlaps=house is not None and lettings[contract.house_id].meet(part, contract.start, contract.end),
            cancelled_lately=tenants in cancelled and _lately(contract.signed_on, cancelled[tenants]),
        )
        seen.add(contract.contract_no)
        verdict = _judged(facts, active, contract.row, contract.contract_no)
        verdicts[contract.row] = verdict
        if house is None or verdict.verdict == "fail":
            continue
        end = contract.end
        if contract.cancelled_on is not None:
            cancelled[tenants].add(contract.cancelled_on)
            end = min(end, contract.cancelled_on)
        lettings[contract.house_id].add(part, contract.start, end)
    return [verdicts[contract.row] for contract in contracts]


def _lately(signed_on: date, days: set[date]) -> bool:
    return any(signed_on - _ONE_DAY * back in days for back in range(INTERVAL_DAYS + 1))


def _rules(checks: dict[str, Callable[[Facts], bool]], lines: Iterable[RuleLine]) -> list[Rule[Facts]]:
    return [_rule(line, checks[line.code]) for line in lines if line.code in checks]


def _rule(line: RuleLine, wrong: Callable[[Facts], bool]) -> Rule[Facts]:
    severity = _SEVERITY[line.verdict]
    finding = Finding(line.code, line.text, severity=severity)

    def check(facts: Facts) -> Iterator[Finding]:
        if wrong(facts):
            yield finding

    return Rule(line.code, line.text, severity, check, source="导入文件", message=line.text)


def _judged(facts: Facts, rules: Sequence[Rule[Facts]], row: int, number: str) -> Verdict:
    judgement = judge(facts, rules)
    if judgement.outcome not in _VERDICT:
        broken = next(finding for finding in judgement.findings if finding.severity is Severity.PENDING)
        # The counter lets a broken rule wait; a bulk check cannot wait and must not guess.
        raise RuntimeError(f"rule {broken.code} broke on row {row}: {broken.evidence}")
    return Verdict(
        row, number, _VERDICT[judgement.outcome], tuple(sorted(finding.code for finding in judgement.findings))
    )
