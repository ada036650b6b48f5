//! `/eox-tenant/`.

mod addresses;
mod callers;
mod configs;
mod domain;
mod hostile;
mod microsites;
mod organizations;
mod references;
mod routes;
mod world;
mod writing;
