//! Course access groups over a real database: the old API, decisions, events, and what is ours.

mod administration;
mod events;
mod places;
mod refusals;
mod rows;
mod schemes;
mod world;
