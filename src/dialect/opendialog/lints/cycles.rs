//! Circles in a graph.

/// Finds circles: each is the list of its nodes, beginning with the smallest, in the direction of the edges, and stands
/// once. `edges[n]` are the nodes that `n` leads to. At least one circle of every tangle is found, at most `most` in all;
/// without recursion, so that no chain is too long.
pub fn cycles(mut edges: Vec<Vec<usize>>, most: usize) -> Vec<Vec<usize>> {
    for of_one in &mut edges {
        of_one.sort_unstable();
        of_one.dedup();
    }
    let nodes = edges.len();
    let mut search = Search { edges, state: vec![State::New; nodes], path: Vec::new(), found: Vec::new(), most };
    for node in 0..nodes {
        if search.state[node] == State::New {
            search.walk(node);
        }
    }
    search.found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    OnPath,
    Done,
}

struct Search {
    edges: Vec<Vec<usize>>,
    state: Vec<State>,
    /// The nodes from the start to here, each with the number of its edges that were followed.
    path: Vec<(usize, usize)>,
    found: Vec<Vec<usize>>,
    most: usize,
}

impl Search {
    fn walk(&mut self, start: usize) {
        self.enter(start);
        while let Some((node, followed)) = self.path.last_mut() {
            let next = self.edges[*node].get(*followed).copied();
            *followed += 1;
            match next.map(|next| (next, self.state[next])) {
                Some((next, State::New)) => self.enter(next),
                Some((next, State::OnPath)) => self.close(next),
                Some((_, State::Done)) => {}
                None => self.leave(),
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.state[node] = State::OnPath;
        self.path.push((node, 0));
    }

    fn leave(&mut self) {
        if let Some((node, _)) = self.path.pop() {
            self.state[node] = State::Done;
        }
    }

    /// The path has come back to `node`.
    fn close(&mut self, node: usize) {
        if self.found.len() >= self.most {
            return;
        }
        let circle = self.path.iter().map(|(on_path, _)| *on_path).skip_while(|on_path| *on_path != node);
        let mut circle: Vec<usize> = circle.collect();
        let smallest = circle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(index, _)| index);
        circle.rotate_left(smallest);
        self.found.push(circle);
    }
}

#[cfg(test)]
mod tests {
    use super::cycles;

    fn found(edges: &[&[usize]]) -> Vec<Vec<usize>> {
        cycles(edges.iter().map(|to| to.to_vec()).collect(), 10)
    }

    #[test]
    fn a_graph_without_a_circle_has_none() {
        assert!(found(&[&[1, 2], &[2], &[]]).is_empty());
        assert!(found(&[]).is_empty());
    }

    #[test]
    fn every_circle_stands_once_and_begins_with_its_smallest_node() {
        assert_eq!(found(&[&[0]]), [vec![0]]);
        assert_eq!(found(&[&[1], &[0]]), [vec![0, 1]]);
        assert_eq!(found(&[&[2], &[2], &[3], &[1, 1]]), [vec![1, 2, 3]]);
        assert_eq!(found(&[&[1, 2], &[0], &[0]]), [vec![0, 1], vec![0, 2]]);
    }

    #[test]
    fn a_long_chain_and_many_circles_are_no_trouble() {
        let chain: Vec<Vec<usize>> = (0..200_000).map(|node| vec![(node + 1) % 200_000]).collect();
        assert_eq!(cycles(chain, 10)[0].len(), 200_000);
        let tangle: Vec<Vec<usize>> = (0..300).map(|_| (0..300).collect()).collect();
        assert_eq!(cycles(tangle, 10).len(), 10);
    }
}
