//! The predicate language: compile, type-check, evaluate, explain. Pure, total and bounded.
