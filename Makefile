# `make` or `make help` lists what there is. Set-up itself is deploy/setup.py, which also runs without make.

.DEFAULT_GOAL := help
.PHONY: help run setup dev tools test test-all quick check gate size mutants bench profile plans costs soak rows docs pictures lock clean release security

PY := .venv/bin/python
# Any Python that runs can start the set-up; that one then chooses the interpreter (or takes PYTHON=python3.11).
ANY := $(shell for p in $(PYTHON) python3 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	"$$p" -c '' 2>/dev/null && { echo "$$p"; break; }; done)

SIGNED = $(if $(SERVICE),--service "$(SERVICE)",--key "$(KEY)")

help: ## 本说明
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

run: setup ## 启动系统（首次会自动安装）；PORT=8080 可改端口
	@exec $(PY) main.py

setup: ## 只安装，不启动；PYTHON=python3.11 可指定解释器
	@$(or $(ANY),python3) deploy/setup.py

dev:
	@$(or $(ANY),python3) deploy/setup.py --dev

tools:
	@$(or $(ANY),python3) deploy/setup.py --test-tools

test: tools ## 全部测试：SQLite，两种数据库可能不同之处也用 PostgreSQL，含浏览器；留给夜间的除外；中断后再运行即接着做，FRESH=1 从头；ROW=63 只测第 63 行
	@$(PY) -m deploy.test $(if $(ROW),--row $(ROW)) $(if $(FRESH),--fresh)

test-all: tools ## 全部测试在两种数据库上各运行一次，连同 make test 留给夜间的
	@$(PY) -m deploy.test --all $(if $(FRESH),--fresh)

quick: dev ## 与改动相近的测试，约半分钟；SINCE=提交 从该提交起的改动
	@$(PY) -m deploy.test --quick $(if $(SINCE),--since $(SINCE))

check: dev ## 提交前检查：格式、类型、层次、与改动相近的测试
	@$(PY) -m ruff format --check --output-format concise . && $(PY) -m ruff check --output-format concise .
	@$(PY) -m mypy .
	@.venv/bin/lint-imports
	@$(PY) -m deploy.test --quick $(if $(SINCE),--since $(SINCE))

gate: dev ## 供应链检查：锁定版本、许可证、漏洞通告、源码中的秘密、bandit
	@$(PY) -m deploy.supply.gate

size: ## 源代码规模，写入 docs/size.md
	@$(or $(ANY),python3) -m deploy.size

mutants: tools ## 逐个植入缺陷，检查测试能否发现（约一两小时）；ONLY=缺陷名 只植入一个，WORKERS=2 同时两个；中断后再运行即接着做，FRESH=1 从头
	@$(PY) -m tests.mutants $(if $(ONLY),--only $(ONLY)) $(if $(WORKERS),--workers $(WORKERS)) $(if $(FRESH),--fresh)

bench: dev ## 性能测量；GROWTH=1 量各项在两万、二十万、二百万件备案时的耗时，库只建一次
	@$(PY) -m tests.bench $(if $(GROWTH),growth --rows 2000000)

profile: dev ## 一项测量的处理器时间花在哪些包和函数：make profile NAME=one_stop ENGINE=sqlite
	@$(PY) -m tests.bench $(NAME) --profile $(if $(ENGINE),--engine $(ENGINE))

plans: tools ## 最常用语句在大库上的执行计划，写入 docs/plans；ROWS=2000000
	@$(PY) -m tests.bench plans --engine postgresql --rows $(or $(ROWS),2000000)

costs: dev ## 每项办理与查询各问数据库几次、封装几次，重写 tests/costs.csv
	@COSTS=all $(PY) -m pytest -q -n0 --night

soak: tools ## 长时演练（约数十分钟），结果写入 docs/
	@$(PY) -m deploy.test --soak

rows: ## 85 行需求：各行的验收测试与最近结果
	@$(or $(ANY),python3) deploy/rows.py

security: ## 安全要求逐条：实现位置、测试与最近结果；更新 docs/security/requirements.md
	@$(PY) -m deploy.security_table

release: dev ## 发布：供应链检查、物料清单、签名的发布包；KEY=密钥文件 或 SERVICE=云签名服务的密钥标识，BUILD=构建号
	@$(PY) -m deploy.supply.gate --release
	@test -n "$(KEY)$(SERVICE)" -a -n "$(BUILD)" || { echo "请给出发布密钥与构建号：make release KEY=文件 BUILD=号码（或 SERVICE=密钥标识）"; exit 2; }
	@$(PY) main.py sbom --out build/release $(SIGNED)
	@bash deploy/pack.sh "$(BUILD)" build/release/sbom.cdx.json $(SIGNED)

docs: tools ## 重拍文档中的截图
	@$(PY) -m tests.pictures

pictures: tools ## 打开每个岗位的每个功能，拍成缩略图并量空白、截断、用时，写入 build/gallery；PEOPLE=账号,… WIDTHS=1440,390
	@$(PY) -m tests.pictures.gallery $(if $(PEOPLE),--people $(PEOPLE)) $(if $(WIDTHS),--widths $(WIDTHS))

lock: ## 重新锁定依赖版本；UPGRADE=1 取最新
	@bash deploy/lock.sh

clean: ## 删除安装与生成的文件，保留数据
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
