//! Which buffers share memory: what nobody reads any more makes room for what is written next.

use super::Plan;
use crate::view::BufferId;

/// Where each buffer of a plan lies.
pub struct Memory {
    /// The slot of each buffer.
    pub slots: Vec<usize>,
    /// How many numbers each slot holds.
    pub lengths: Vec<usize>,
}

impl Memory {
    /// Slots for all buffers of a plan; those of constants, inputs and outputs are their own.
    pub fn new(plan: &Plan) -> Self {
        let mut last_read = vec![0; plan.lengths.len()];
        for (at, dispatch) in plan.dispatches.iter().enumerate() {
            for buffer in &dispatch.reads {
                last_read[buffer.0] = at;
            }
        }
        let constants = plan.constants.iter().map(|(buffer, _)| buffer);
        let kept = constants.chain(&plan.inputs).chain(&plan.outputs);
        let mut is_kept = vec![false; plan.lengths.len()];
        let mut memory = Self {
            slots: vec![usize::MAX; plan.lengths.len()],
            lengths: Vec::new(),
        };
        for BufferId(buffer) in kept {
            if !std::mem::replace(&mut is_kept[*buffer], true) {
                memory.open(*buffer, plan.lengths[*buffer]);
            }
        }
        let mut free: Vec<usize> = Vec::new();
        for (at, dispatch) in plan.dispatches.iter().enumerate() {
            let result = dispatch.result.0;
            if memory.slots[result] == usize::MAX {
                memory.place(result, plan.lengths[result], &mut free);
            }
            // The result has its place by now, so it never lies where it is read from.
            for BufferId(buffer) in &dispatch.reads {
                let slot = memory.slots[*buffer];
                if last_read[*buffer] == at && !is_kept[*buffer] && !free.contains(&slot) {
                    free.push(slot);
                }
            }
        }
        memory
    }

    fn open(&mut self, buffer: usize, length: usize) {
        self.slots[buffer] = self.lengths.len();
        self.lengths.push(length);
    }

    /// In the free slot that is least too large, or else in the largest, which grows.
    fn place(&mut self, buffer: usize, length: usize, free: &mut Vec<usize>) {
        let fits = free.iter().filter(|slot| self.lengths[**slot] >= length);
        let fits = fits.min_by_key(|slot| self.lengths[**slot]);
        let largest = || free.iter().max_by_key(|slot| self.lengths[**slot]);
        let Some(slot) = fits.or_else(largest).copied() else {
            return self.open(buffer, length);
        };
        free.retain(|other| *other != slot);
        self.lengths[slot] = self.lengths[slot].max(length);
        self.slots[buffer] = slot;
    }
}
