//! Password hashes as Django writes them.
//!
//! Invariant: no stored text, however hostile, makes a verification run longer than the
//! [bounds](MAX_PBKDF2_ITERATIONS) allow; a text outside them refuses every password.
//! Invariant: digests are compared in constant time.
//!
//! Verifying and hashing cost tens of milliseconds of CPU time and, for Argon2, a hundred
//! megabytes: callers on an async thread go through [`SignIn`](super::sign_in::SignIn),
//! which runs them on blocking threads, a few at a time.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use subtle::ConstantTimeEq as _;

use super::secret;

#[cfg(test)]
mod tests;

/// The most PBKDF2 iterations verified: four times what Django 6.0 writes (1,200,000).
/// In a release build that is below two seconds.
pub const MAX_PBKDF2_ITERATIONS: u32 = 5_000_000;
/// The most memory an Argon2 hash may ask for, in `KiB`: two and a half times Django's.
pub const MAX_ARGON2_MEMORY: u32 = 262_144;
/// The most memory an Argon2 hash may ask to be written, all passes together, in `KiB`: what
/// five of Django's write. On the machine of the bound above that is below two seconds.
pub const MAX_ARGON2_WORK: u32 = 1_048_576;
/// The most lanes an Argon2 hash may ask for.
pub const MAX_ARGON2_LANES: u32 = 64;
/// The longest password looked at, in bytes; a longer one is refused unseen.
pub const MAX_PASSWORD: usize = 4096;
/// The longest stored text looked at, in bytes. Django's own column holds 128 characters.
const MAX_ENCODED: usize = 1024;
/// The longest digest compared, in bytes.
const MAX_DIGEST: usize = 64;

/// What Django's `Argon2PasswordHasher` writes: memory in `KiB`, passes, lanes, digest bytes.
const MEMORY: u32 = 102_400;
const PASSES: u32 = 2;
const LANES: u32 = 8;
const DIGEST: usize = 32;
/// Length of the salt in letters and digits: 131 bits, above the 128 that Django asks for.
const SALT: usize = 22;

/// Whether `password` is the one that `encoded` was made from.
///
/// Known forms: `pbkdf2_sha256$iterations$salt$digest`, `pbkdf2_sha1$…` and
/// `argon2$argon2id$v=19$m=…,t=…,p=…$salt$digest` (also `argon2i`, `argon2d`, and version
/// 16, which is written without `v=`). Anything else refuses: the empty text, the unusable
/// `!…`, and the algorithms that Django keeps only to upgrade from.
#[must_use]
pub fn verify(password: &str, encoded: &str) -> bool {
    if password.len() > MAX_PASSWORD {
        return false;
    }
    match Encoded::parse(encoded) {
        Some(Encoded::Pbkdf2(stored)) => stored.verify(password),
        Some(Encoded::Argon2(stored)) => stored.verify(password),
        None => false,
    }
}

/// Spends the time of one verification and refuses: what a sign-in for a user who does not
/// exist does, so that the answer's delay does not tell who does.
#[must_use]
pub fn refuse(password: &str) -> bool {
    if password.len() > MAX_PASSWORD {
        return false;
    }
    let decoy = Argon2Hash {
        algorithm: Algorithm::Argon2id,
        version: Version::V0x13,
        memory: MEMORY,
        passes: PASSES,
        lanes: LANES,
        salt: b"a salt for nobody in particular".to_vec(),
        digest: vec![0; DIGEST],
    };
    // Otherwise a compiler may leave out work whose outcome nobody asks for.
    std::hint::black_box(decoy.verify(password));
    false
}

/// Whether a verification of `encoded` would do any work: false for the empty text, for
/// Django's unusable `!…` and for every form that [`verify`] does not know.
#[must_use]
pub fn is_usable(encoded: &str) -> bool {
    Encoded::parse(encoded).is_some()
}

/// Hashes `password` as Django's `Argon2PasswordHasher` does, with a fresh salt, so that an
/// export loads in Django. `None` for a password longer than [`MAX_PASSWORD`].
#[must_use]
pub fn hash(password: &str) -> Option<String> {
    hash_with(password, &secret::letters_and_digits(SALT))
}

fn hash_with(password: &str, salt: &str) -> Option<String> {
    if password.len() > MAX_PASSWORD {
        return None;
    }
    let digest = argon2(
        password,
        salt.as_bytes(),
        (Algorithm::Argon2id, Version::V0x13),
        (MEMORY, PASSES, LANES),
        DIGEST,
    )?;
    Some(format!(
        "argon2$argon2id$v=19$m={MEMORY},t={PASSES},p={LANES}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(digest)
    ))
}

/// Whether the next successful sign-in should replace `encoded` by a hash of today's kind:
/// everything usable that is not Argon2id of at least the parameters [`hash`] writes.
#[must_use]
pub fn needs_upgrade(encoded: &str) -> bool {
    match Encoded::parse(encoded) {
        Some(Encoded::Argon2(stored)) => {
            stored.algorithm != Algorithm::Argon2id
                || stored.version != Version::V0x13
                || stored.memory < MEMORY
                || stored.passes < PASSES
                || stored.digest.len() < DIGEST
        }
        Some(Encoded::Pbkdf2(_)) => true,
        None => false,
    }
}

/// A stored text that is well formed and within the bounds.
enum Encoded<'a> {
    Pbkdf2(Pbkdf2Hash<'a>),
    Argon2(Argon2Hash),
}

impl<'a> Encoded<'a> {
    fn parse(encoded: &'a str) -> Option<Self> {
        if encoded.len() > MAX_ENCODED {
            return None;
        }
        let (algorithm, rest) = encoded.split_once('$')?;
        match algorithm {
            "pbkdf2_sha256" => Pbkdf2Hash::parse(Prf::Sha256, rest).map(Self::Pbkdf2),
            "pbkdf2_sha1" => Pbkdf2Hash::parse(Prf::Sha1, rest).map(Self::Pbkdf2),
            "argon2" => Argon2Hash::parse(rest).map(Self::Argon2),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Prf {
    Sha256,
    Sha1,
}

struct Pbkdf2Hash<'a> {
    prf: Prf,
    iterations: u32,
    salt: &'a str,
    digest: Vec<u8>,
}

impl<'a> Pbkdf2Hash<'a> {
    /// Reads `iterations$salt$digest`; the digest is as long as the hash function's.
    fn parse(prf: Prf, text: &'a str) -> Option<Self> {
        let mut parts = text.split('$');
        let (iterations, salt, digest) = (parts.next()?, parts.next()?, parts.next()?);
        let length = match prf {
            Prf::Sha256 => 32,
            Prf::Sha1 => 20,
        };
        let stored = Self {
            prf,
            iterations: number(iterations)?,
            salt,
            digest: STANDARD.decode(digest).ok()?,
        };
        let sound = parts.next().is_none()
            && (1..=MAX_PBKDF2_ITERATIONS).contains(&stored.iterations)
            && stored.digest.len() == length;
        sound.then_some(stored)
    }

    fn verify(&self, password: &str) -> bool {
        let (password, salt) = (password.as_bytes(), self.salt.as_bytes());
        let mut digest = vec![0; self.digest.len()];
        match self.prf {
            Prf::Sha256 => {
                pbkdf2::pbkdf2_hmac::<sha2::Sha256>(password, salt, self.iterations, &mut digest);
            }
            Prf::Sha1 => {
                pbkdf2::pbkdf2_hmac::<sha1::Sha1>(password, salt, self.iterations, &mut digest);
            }
        }
        digest.ct_eq(&self.digest).into()
    }
}

struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

impl Argon2Hash {
    /// Reads `variety$v=19$m=…,t=…,p=…$salt$digest`, or without `v=` for version 16.
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('$').collect();
        let (variety, version, parameters, salt, digest) = match *parts.as_slice() {
            [variety, version, parameters, salt, digest] => {
                let version = match version.strip_prefix("v=")? {
                    "19" => Version::V0x13,
                    "16" => Version::V0x10,
                    _ => return None,
                };
                (variety, version, parameters, salt, digest)
            }
            [variety, parameters, salt, digest] => {
                (variety, Version::V0x10, parameters, salt, digest)
            }
            _ => return None,
        };
        let algorithm = match variety {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            _ => return None,
        };
        let mut values = parameters.split(',');
        let mut value = |name: &str| number(values.next()?.strip_prefix(name)?);
        let stored = Self {
            algorithm,
            version,
            memory: value("m=")?,
            passes: value("t=")?,
            lanes: value("p=")?,
            salt: STANDARD_NO_PAD.decode(salt).ok()?,
            digest: STANDARD_NO_PAD.decode(digest).ok()?,
        };
        (values.next().is_none() && stored.is_bounded()).then_some(stored)
    }

    fn is_bounded(&self) -> bool {
        self.memory <= MAX_ARGON2_MEMORY
            && self.memory.saturating_mul(self.passes) <= MAX_ARGON2_WORK
            && self.lanes <= MAX_ARGON2_LANES
            && (argon2::MIN_SALT_LEN..=MAX_DIGEST).contains(&self.salt.len())
            && (Params::MIN_OUTPUT_LEN..=MAX_DIGEST).contains(&self.digest.len())
            && Params::new(self.memory, self.passes, self.lanes, None).is_ok()
    }

    fn verify(&self, password: &str) -> bool {
        argon2(
            password,
            &self.salt,
            (self.algorithm, self.version),
            (self.memory, self.passes, self.lanes),
            self.digest.len(),
        )
        .is_some_and(|digest| digest.ct_eq(&self.digest).into())
    }
}

/// One Argon2 digest of `length` bytes; `None` if the parameters are outside the standard.
fn argon2(
    password: &str,
    salt: &[u8],
    (algorithm, version): (Algorithm, Version),
    (memory, passes, lanes): (u32, u32, u32),
    length: usize,
) -> Option<Vec<u8>> {
    let parameters = Params::new(memory, passes, lanes, Some(length)).ok()?;
    let mut digest = vec![0; length];
    Argon2::new(algorithm, version, parameters)
        .hash_password_into(password.as_bytes(), salt, &mut digest)
        .ok()?;
    Some(digest)
}

/// A plain decimal number: no sign, no blanks, at most ten digits.
fn number(text: &str) -> Option<u32> {
    let plain = (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
