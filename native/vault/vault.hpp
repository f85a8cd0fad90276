// Seals secrets for the store, and opens them again: AES-256-GCM under a data key for each
// connection, which is itself sealed under a master key that never touches the database.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace rekey::vault {

/// Where a sealed value belongs. It is bound to the value (as additional authenticated data), so a
/// blob that was moved to another row, field or version does not open.
struct Place {
  std::string tenant;
  std::string connection;
  std::string field;         ///< for example "refresh_token"
  std::int64_t version = 0;  ///< of the grant, or another number that belongs to the place
};

/// A data key as the store keeps it: sealed under a master key. Not a secret by itself.
struct WrappedKey {
  std::string id;    ///< goes into every value sealed with it
  std::string blob;  ///< bytes in the vault's format
};

/// Where master keys are read from, in this order; the first found wraps new data keys, all unwrap.
/// A key is 32 bytes. A file or an output may hold several, one base64 text a line: put a new one
/// on top to rotate.
struct MasterKeySource {
  std::string file;     ///< must be private (system/private_file.hpp)
  Secret keys;          ///< from the environment
  std::string command;  ///< run by /bin/sh; its standard output is read
};

/// The only place where secrets become bytes for a disk, and the other way round. It does no I/O
/// but reading its master keys: when it opens, and when a file of them was changed. Safe to use
/// from several threads.
///
/// Format 1 of a blob: version (1 byte, 1), length of the key id (1 byte), key id, nonce (12
/// bytes), ciphertext, tag (16 bytes).
class Vault {
 public:
  /// Reads the master keys; what is wrong with them is said in the error's hint.
  static Result<Vault> open(const MasterKeySource& source);

  /// Reads the key file again if it was changed since; true: what it says now is offered, and was
  /// not before. What is offered is used to open what nothing else opens, and for the rest when
  /// `use_offered_keys` says so. When the file cannot be read, the error comes back at each call
  /// until it can, and the keys that were read stay.
  Result<bool> notice_new_keys() const;
  /// The ids of the master keys in use; the first one wraps new data keys.
  std::vector<std::string> master_key_ids() const;
  /// The ids of those that the sources gave last.
  std::vector<std::string> offered_key_ids() const;
  void use_offered_keys() const;

  /// A known text sealed under a master key, to recognise the key by: what there is no more to keep
  /// secret than its id. Throws std::out_of_range when there is no key of this id.
  std::string proof_of(const std::string& master_key_id) const;
  /// Whether a blob is that, made by the key of this id that we have.
  bool is_proof(const std::string& master_key_id, std::string_view blob) const;

  Vault(Vault&&) noexcept;
  Vault& operator=(Vault&&) noexcept;
  ~Vault();

  /// A new data key for a connection, sealed under the first master key.
  Result<WrappedKey> new_data_key(const std::string& tenant, const std::string& connection) const;
  /// The same data key, sealed under the first master key; what it sealed stays readable.
  Result<WrappedKey> rewrap(const WrappedKey& key, const std::string& tenant,
                            const std::string& connection) const;
  /// Whether the key is sealed under the first master key, or `rewrap` is due.
  bool is_current(const WrappedKey& key) const;

  /// The bytes to store for a secret.
  Result<std::string> seal(const WrappedKey& key, const Place& place, const Secret& secret) const;
  /// The secret in such bytes; fails when key, place or bytes are not the ones it was sealed with.
  Result<Secret> unseal(const WrappedKey& key, const Place& place, std::string_view blob) const;

 private:
  struct MasterKey;
  using Keys = std::shared_ptr<const std::vector<MasterKey>>;
  struct Held;
  explicit Vault(std::unique_ptr<Held> held);
  Keys keys() const;
  Keys offered() const;
  Result<Secret> unwrap(const WrappedKey& key, const std::string& tenant,
                        const std::string& connection) const;
  std::unique_ptr<Held> held_;
};

/// Makes a file with one new master key, readable by its owner only. Never overwrites.
Result<void> make_key_file(const std::string& path);

// Changing a key file: it is replaced as a whole, so that who reads it meanwhile sees the old or
// the new one. Each gives the id of the key that it is about.

/// Adds a new key at the end: it is known from then on, and not used yet.
Result<std::string> add_key(const std::string& path);
/// Puts the last key on top, where it is used; with one key only, a new one.
Result<std::string> rotate_keys(const std::string& path);
/// Takes a key out; the one that is used stays.
Result<std::string> remove_key(const std::string& path, const std::string& id);

}  // namespace rekey::vault
