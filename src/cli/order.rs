//! Puts results into the order of their files.

use std::collections::BTreeMap;

/// Maximum number of results that wait for an earlier one. Beyond that the first of them is handed over,
/// so that one long film holds nothing up.
const WINDOW: usize = 256;

/// Results on their way.
#[derive(Debug)]
pub(super) struct InOrder<T> {
    waiting: BTreeMap<u64, T>,
    turn: u64,
}

impl<T> Default for InOrder<T> {
    fn default() -> Self {
        Self {
            waiting: BTreeMap::new(),
            turn: 0,
        }
    }
}

impl<T> InOrder<T> {
    pub(super) fn add(&mut self, index: u64, result: T) {
        self.waiting.insert(index, result);
    }

    /// The next one, unless an earlier one is worth waiting for.
    pub(super) fn next(&mut self) -> Option<T> {
        let (first, _) = self.waiting.first_key_value()?;
        let (first, full) = (*first, self.waiting.len() > WINDOW);
        if first > self.turn && !full {
            return None;
        }
        self.turn = self.turn.max(first.saturating_add(1));
        self.waiting.pop_first().map(|(_, result)| result)
    }

    /// All that still wait.
    pub(super) fn rest(self) -> impl Iterator<Item = T> {
        self.waiting.into_values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_nothing_waits_for_ever() {
        let mut order = InOrder::default();
        for n in [2u64, 0, 1, 4] {
            order.add(n, n);
        }
        assert_eq!(
            std::iter::from_fn(|| order.next()).collect::<Vec<_>>(),
            [0, 1, 2]
        );
        for n in 5..=300 {
            order.add(n, n);
        }
        let early: Vec<u64> = std::iter::from_fn(|| order.next()).collect();
        assert_eq!(early, (4..=300).collect::<Vec<_>>());
        // The late one comes at once.
        order.add(3, 3);
        assert_eq!(order.next(), Some(3));
        order.add(400, 400);
        assert_eq!(order.next(), None);
        assert_eq!(order.rest().collect::<Vec<_>>(), [400]);
    }
}
