//! Things with full names, found by them.

use std::collections::HashMap;
use std::ops::Deref;

use super::AttributeName;

/// What stands in a [`ByName`].
pub trait HasName {
    fn name(&self) -> &AttributeName;
}

/// Things in the order they came, one for each name. A file may hold a hundred thousand names, so that they are not searched
/// for one by one; most hold a handful, for which that is quickest.
#[derive(Clone, Debug)]
pub struct ByName<T> {
    items: Vec<T>,
    /// Where each stands, once there are more than [`FEW`].
    places: HashMap<AttributeName, usize>,
}

const FEW: usize = 16;

impl<T: HasName> ByName<T> {
    pub fn get(&self, name: &AttributeName) -> Option<&T> {
        self.place(name).map(|place| &self.items[place])
    }

    /// Adds a thing, or puts it in the place of the one with its name.
    pub fn put(&mut self, item: T) {
        if let Some(place) = self.place(item.name()) {
            self.items[place] = item;
            return;
        }
        self.items.push(item);
        let last = self.items.len() - 1;
        match self.items.len() {
            0..=FEW => {}
            _ if self.places.is_empty() => {
                self.places = self.items.iter().enumerate().map(|(place, item)| (item.name().clone(), place)).collect();
            }
            _ => _ = self.places.insert(self.items[last].name().clone(), last),
        }
    }

    fn place(&self, name: &AttributeName) -> Option<usize> {
        match self.items.len() {
            0..=FEW => self.items.iter().position(|item| item.name() == name),
            _ => self.places.get(name).copied(),
        }
    }
}

impl<T> Default for ByName<T> {
    fn default() -> ByName<T> {
        ByName { items: Vec::new(), places: HashMap::new() }
    }
}

impl<T> Deref for ByName<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T: HasName> Extend<T> for ByName<T> {
    /// Of one name the last stays.
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.put(item));
    }
}

impl<T: HasName> FromIterator<T> for ByName<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> ByName<T> {
        let mut by_name = ByName::default();
        by_name.extend(items);
        by_name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Thing(AttributeName, usize);

    impl HasName for Thing {
        fn name(&self) -> &AttributeName {
            &self.0
        }
    }

    #[test]
    fn few_or_many_the_last_of_a_name_stays_in_the_place_of_the_first() {
        let name = |number: usize| AttributeName::new("user", &format!("a{number}"));
        for count in [1, FEW, FEW + 1, 1000] {
            let things = (0..count).map(|number| Thing(name(number), number)).chain([Thing(name(0), count)]);
            let by_name: ByName<Thing> = things.collect();
            assert_eq!(by_name.len(), count);
            assert_eq!(by_name[0], Thing(name(0), count));
            assert!((1..count).all(|number| by_name.get(&name(number)) == Some(&Thing(name(number), number))));
            assert_eq!(by_name.get(&name(count)), None);
        }
    }
}
