mod doubt;
mod fake;
mod leases;
mod order;
mod reconciling;
mod refusals;
mod world;
