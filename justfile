# What people run often. `just` lists it.

_:
    @just --list --unsorted

# Compile everything, without building.
check:
    cargo check --workspace --all-targets

# Format and lint.
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets -- --deny warnings

# The tests that the README names: on SQLite, and on PostgreSQL if its programs are installed.
test *arguments:
    cargo test {{arguments}}

# The same on a PostgreSQL server that is there already.
test-pg url *arguments:
    PROVOST_TEST_POSTGRES_URL={{url}} cargo test {{arguments}}

# The engine beside casbin and cedar-policy.
oracle:
    cargo test --package provost-oracle

# The rules of the workspace, and the licences of what it is built from.
tidy:
    cargo xtask tidy
    cargo xtask licences

# Write openapi.json anew.
openapi:
    cargo run --quiet --package provost -- openapi > openapi.json

# Write docs/settings.md anew.
settings:
    cargo run --quiet --package provost -- settings schema --markdown > docs/settings.md

# The benchmarks: decisions beside other engines, requests beside a bare handler.
bench *arguments:
    cargo bench --package provost-oracle {{arguments}}
    cargo bench --package provost {{arguments}}

# A server with something in it.
demo:
    cargo run --package provost -- serve --demo

# Everything that CI runs.
ci:
    .ci/run
