//! The use cases of Stance. Every door (façade, command line, console) comes through here.
//!
//! Every function that reads or changes something takes the [`Caller`] first and authorises it first; the caller's
//! tenant scopes everything below. No HTTP, no SQL.

mod caller;
mod check_list;
mod error;
mod exceptions;
mod image;
mod instance_list;
mod keys;
mod report;
mod scan;
mod secret;
mod service;
mod status;
mod view;

pub use caller::{Caller, Policy, PolicyError};
pub use error::ServiceError;
pub use exceptions::NewException;
pub use image::{
    BaselineQuery, BaselineResult, BaselineSummary, ClassView, Criteria, CriteriaType,
    FailingImage, ImageQuery, ImageScanner, ImageTaskStatus, ImageTaskView, ImageView, ItemDetail,
    ItemQuery, ItemView, Levels, NameView, NewStrategy, ScanAnswer, ScanRange, ScanRequest,
    StrategyKind, StrategyView, WhitelistChange,
};
pub use keys::{CreatedKey, KeySummary, NewKey, SigningKey};
pub use report::Scope;
pub use scan::{NoProgress, Phase, Progress, ScanOptions, ScanSummary};
pub use secret::{SealingKey, Secret, SecretError};
pub use service::Service;
pub use stance_store::{StatusChange, Task, TaskState};
