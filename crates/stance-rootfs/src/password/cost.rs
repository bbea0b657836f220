//! What one guess costs, from the parameters in the hash: hostile ones are refused before anything is computed.

use yescrypt::Params;

use super::Scheme;

/// The most that a single guess may cost, microseconds.
const MOST: u64 = 250_000;

/// The most memory of a yescrypt guess, bytes: twice the usual.
const MOST_MEMORY: u64 = 32 << 20;

/// Microseconds of one core (2.5 GHz) that a guess takes; none where the scheme cannot be tried or its parameters ask
/// for too much.
pub(super) fn cost(scheme: Scheme, hash: &str) -> Option<u64> {
    let cost = match scheme {
        Scheme::Des => (hash.len() == 13).then_some(100)?,
        Scheme::Md5 => hash.starts_with("$1$").then_some(100)?,
        Scheme::Sha256 => rounds(hash)?.checked_mul(28)? / 100,
        Scheme::Sha512 => rounds(hash)?.checked_mul(20)? / 100,
        Scheme::Bcrypt => bcrypt(hash)?,
        Scheme::Yescrypt => yescrypt(hash)?,
        _ => return None,
    };
    (cost <= MOST).then_some(cost.max(1))
}

/// The rounds of a SHA-crypt hash.
fn rounds(hash: &str) -> Option<u64> {
    let parameters = hash.split('$').nth(2)?;
    match parameters.strip_prefix("rounds=") {
        Some(number) => number.parse().ok(),
        None => Some(5_000),
    }
}

fn bcrypt(hash: &str) -> Option<u64> {
    let cost: u32 = hash.split('$').nth(2)?.parse().ok()?;
    50u64.checked_shl(cost).filter(|_| cost <= 20)
}

/// Only parameters of three characters (flavour, N, r) are taken: longer ones may ask for any amount of time.
fn yescrypt(hash: &str) -> Option<u64> {
    let text = hash.split('$').nth(2).filter(|text| text.len() == 3)?;
    let parameters: Params = text.parse().ok()?;
    let memory = parameters
        .n()
        .checked_mul(u64::from(parameters.r()))?
        .checked_mul(128)?;
    (memory <= MOST_MEMORY).then_some(memory.checked_mul(20_000)? / (16 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_parameters_have_their_measured_cost() {
        for (hash, wanted) in [
            ("$1$abcdefgh$x", 100),
            ("$6$salt$x", 1_000),
            ("$5$rounds=10000$salt$x", 2_800),
            ("$2b$10$x", 51_200),
            ("$y$j9T$salt$x", 20_000),
        ] {
            assert_eq!(cost(Scheme::of(hash), hash), Some(wanted), "{hash}");
        }
    }

    #[test]
    fn hostile_parameters_are_refused() {
        for hash in [
            "$6$rounds=999999999$salt$x",
            "$6$rounds=99999999999999999999999$salt$x",
            "$6$rounds=18446744073709551615$salt$x",
            "$2b$31$x",
            "$2b$99999$x",
            "$2b$-1$x",
            "$y$jST$salt$x",
            "$y$jzzzzz$salt$x",
            "$y$j9T5zzzzz$salt$x",
            "$y$$x",
            "$y$",
            "$y$\u{e9}T$salt$x",
            "$gy$j9T$salt$x",
            "$7$x",
        ] {
            assert_eq!(cost(Scheme::of(hash), hash), None, "{hash}");
        }
    }
}
