//! Sorting. The standard library's sort is compiled anew for each type and order, 13 kB of WebAssembly each
//! time; here it is compiled once, and sorts positions. Lists are short, or sorting them is little
//! beside what is done with them.

use std::cmp::Ordering;

/// Sorts and keeps the order of what is equal.
pub fn sort_by<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = positions(list.len(), &|a, b| match (list.get(a), list.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut left: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(order.into_iter().filter_map(|at| left.get_mut(at)?.take()));
}

/// Sorts by what `key` says of each, and keeps the order of what is equal.
pub fn sort_by_key<T, K: Ord>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(list, |a, b| key(a).cmp(&key(b)));
}

#[inline(never)]
fn positions(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| compare(a, b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_and_equals_keep_their_order() {
        let mut list: Vec<(u32, u32)> = (0..1_000).map(|n| (n * 7_919 % 13, n)).collect();
        let mut expected = list.clone();
        expected.sort();
        sort_by_key(&mut list, |(key, _)| *key);
        assert_eq!(list, expected);
        sort_by(&mut list, |a, b| b.cmp(a));
        expected.reverse();
        assert_eq!(list, expected);
        let mut none: Vec<u8> = Vec::new();
        sort_by(&mut none, u8::cmp);
        assert!(none.is_empty());
    }
}
