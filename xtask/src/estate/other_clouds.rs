//! The smaller parts of the shop on other clouds, in the shapes of each cloud's own API.

mod aws;
mod azure;
mod huawei;
mod tencent;

use super::Estate;

pub(crate) fn add(estate: &mut Estate) {
    aws::add(estate);
    azure::add(estate);
    tencent::add(estate);
    huawei::add(estate);
}
