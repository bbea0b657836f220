//! From a tree of YAML to the things of the catalogue. A reader reports all that is wrong and gives what it could
//! read; nothing is used of a file that has a problem.

mod asset;
mod body;
mod check;
mod classes;
mod collect;
mod evidence;
mod example;
mod fields;
mod files;
mod item;
mod operation;
mod paging;
mod parameter;
mod reader;
mod rule;
mod scalar;
mod secret;
mod shape;
mod sink;
mod standard;
mod text;

pub(crate) use check::{CheckFile, Infos, Kind, Origin, World, read_check};
pub(crate) use classes::read_classes;
pub(crate) use collect::read_provider;
pub(crate) use example::outcome_name;
pub(crate) use operation::read_operations;
pub(crate) use reader::{Reader, read_reader};
pub(crate) use shape::Shape;
pub(crate) use sink::Sink;
pub(crate) use standard::{Keys, StandardFile, read_standard};
