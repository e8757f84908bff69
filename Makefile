# The commands of this project; README.md explains them.
.PHONY: run test quick test-cluster install lock oldest whoosh2 clean

PYTHON ?= python3
PORT ?= 8000
INDEX ?= indexes/archive
BIN := .venv/bin

run: install
	@test -e $(INDEX)/current || $(BIN)/nachlese index --index $(INDEX) seeds/artikel.jsonl seeds/html seeds/roh
	$(BIN)/nachlese serve --index $(INDEX) --port $(PORT)

test: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

# What a change breaks most often, within a minute.
quick: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/pytest -q -m "not slow and not long"

# Needs Java 17 and Maven, and says so without them: three nodes of OpenSearch, on this machine alone.
test-cluster: .venv/tested
	@if command -v java >/dev/null && command -v mvn >/dev/null && $(MAKE) --no-print-directory $(JARS); then \
	    NACHLESE_CLUSTER=start NACHLESE_ENGINE=opensearch $(BIN)/pytest -k "not whoosh" $(CLUSTER_TESTS); \
	else echo "test-cluster: skipped, it needs Java 17, Maven and the packages of tests/cluster/pom.xml"; fi

CLUSTER_TESTS ?= $(addprefix tests/test_,cluster.py cluster_access.py engine.py names.py api.py web.py web_answers.py browser.py)
JARS := tests/cluster/target/jars
$(JARS): tests/cluster/pom.xml
	mvn -q -B -f $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$@
	touch $@

install: .venv/installed

# Every package is pinned with its hash; the build tools among them, so that nothing else is fetched.
# To install it also compiles the texts in other languages.
.venv/installed: requirements.lock pyproject.toml $(wildcard web/translations/*/LC_MESSAGES/messages.po)
	$(PYTHON) -c 'import sys; sys.exit("Nachlese needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/tested: requirements-dev.lock .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# Needs uv; run it after changing a dependency in pyproject.toml.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:build -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:dev -c requirements.lock -o requirements-dev.lock pyproject.toml

# The promises of pyproject.toml, kept: the oldest versions that it allows, and the Whoosh that is not ours. Both need uv.
oldest:
	uv venv --quiet --clear --python $(PYTHON) .venv-oldest
	uv pip compile --quiet --resolution lowest-direct --python .venv-oldest --output-file .venv-oldest/oldest.txt pyproject.toml
	uv pip install --quiet --python .venv-oldest --no-deps --requirements requirements-dev.lock
	uv pip install --quiet --python .venv-oldest --no-deps --requirements .venv-oldest/oldest.txt --editable .
	.venv-oldest/bin/python -m pytest -W ignore::DeprecationWarning

whoosh2:
	uv venv --quiet --clear --python $(PYTHON) .venv-whoosh2
	uv pip install --quiet --python .venv-whoosh2 --no-deps --requirements requirements-dev.lock
	uv pip uninstall --quiet --python .venv-whoosh2 whoosh3
	uv pip install --quiet --python .venv-whoosh2 Whoosh==2.7.4
	uv pip install --quiet --python .venv-whoosh2 --no-deps --editable .
	.venv-whoosh2/bin/python -m pytest -W ignore tests/test_engine.py tests/test_indexing.py tests/test_damage.py tests/test_crash.py

clean:
	rm -rf .venv .venv-oldest .venv-whoosh2 dist
