//! Exchanges with a provider: recording them without what is secret, and answering from them again.

mod exchange;
mod fault;
mod forms;
mod http;
mod library;
mod operation;
mod paging;
mod recorder;
mod redact;
mod server;
mod verify;

pub use exchange::{Exchange, Kept, RecordError, read_exchanges};
pub use fault::{FaultError, FaultRule, read_faults};
pub use recorder::Recorder;
pub use server::{Replay, ReplayOptions};
