//! Chance that can be repeated.

/// A small generator (xorshift), so that a seed is a test.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    pub(crate) fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    pub(crate) fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())].clone()
    }

    pub(crate) fn some<T: Clone>(&mut self, list: &[T]) -> Vec<T> {
        let keep = 1 + self.roll(3);
        list.iter()
            .filter(|_| self.roll(4) < keep)
            .cloned()
            .collect()
    }
}
