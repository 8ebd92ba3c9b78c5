//! Throttling: attempts are counted before a password is looked at, and given back when it was
//! right, so that guesses made at once cannot slip through together.

use super::error::AuthError;
use crate::error::Error;
use crate::store::Store;

/// How many failures a subject may have in the quarter of an hour after its first.
struct Limit {
    subject: String,
    failures: i32,
}

/// Counted attempts of one sign-in.
pub struct Attempt(Vec<Limit>);

impl Attempt {
    /// A guess at one account from one address; at one account from anywhere, which stops many
    /// addresses that work together and costs the owner more before they are locked out; and from
    /// one address at any account.
    pub fn sign_in(email: &str, address: &str) -> Self {
        Self(vec![
            limit(format!("account:{email}:{address}"), 10),
            limit(format!("account:{email}"), 50),
            limit(format!("address:{address}"), 100),
        ])
    }

    pub fn sign_up(address: &str) -> Self {
        Self(vec![limit(format!("signup:{address}"), 200)])
    }

    /// Counts it; 429 where there were too many.
    pub async fn begin(&self, store: &Store) -> Result<(), AuthError> {
        for limit in &self.0 {
            let (failures, secs_left) = store.count_attempt(&limit.subject).await?;
            if failures > limit.failures {
                let refusal =
                    Error::too_many("Too many attempts; wait before the next.", secs_left);
                return Err(refusal.into());
            }
        }
        Ok(())
    }

    /// It was no guess.
    pub async fn forgive(&self, store: &Store) -> Result<(), AuthError> {
        for (index, limit) in self.0.iter().enumerate() {
            // Signing in to one's own account must not wipe the count of guesses at others.
            store.forgive_attempt(&limit.subject, index == 0).await?;
        }
        Ok(())
    }
}

fn limit(subject: String, failures: i32) -> Limit {
    Limit { subject, failures }
}
