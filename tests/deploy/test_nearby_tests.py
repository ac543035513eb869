"""`make quick` runs the tests near a change by the import graph, as many as there is time for."""

import grimp

from deploy.nearby_tests import Candidate, importers_of, within


def graph_of(*imports: tuple[str, str]) -> grimp.ImportGraph:
    graph = grimp.ImportGraph()
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    return graph


def test_a_test_is_near_what_it_imports_and_the_conftest_of_each_folder_above_it() -> None:
    importers = importers_of(graph_of(("tests.services.audit.test_chain", "services.audit.chain")))
    assert importers == {
        "services.audit.chain": {"tests.services.audit.test_chain"},
        "tests.services.audit.conftest": {"tests.services.audit.test_chain"},
        "tests.services.conftest": {"tests.services.audit.test_chain"},
    }


def test_a_module_of_the_product_may_be_named_like_a_test() -> None:
    """`deploy/test_memory.py` is in no folder of tests: looking for its folders never ended."""
    importers = importers_of(graph_of(("deploy.test_memory", "models.codes"), ("deploy.test", "deploy.test_memory")))
    assert importers == {"models.codes": {"deploy.test_memory"}, "deploy.test_memory": {"deploy.test"}}


def test_a_registry_leads_from_no_area_to_another() -> None:
    areas = [f"services.area{number}" for number in range(20)]
    assert importers_of(graph_of(*(("services.everything", area) for area in areas))) == {}
    assert importers_of(graph_of(*(("tests.world", area) for area in areas))) == {
        area: {"tests.world"} for area in areas
    }


def test_the_nearest_are_run_while_there_is_time() -> None:
    near = [Candidate("a", 0, 30.0), Candidate("b", 1, 20.0), Candidate("c", 2, 5.0)]
    chosen, left_out = within(40.0, near)
    assert ([one.file for one in chosen], [one.file for one in left_out]) == (["a", "c"], ["b"])
