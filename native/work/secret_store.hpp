// Secrets in the store: sealed by the vault on the way in, opened on the way out.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/secret.hpp"
#include "native/store/connections.hpp"
#include "native/vault/vault.hpp"

namespace rekey::work {

/// What is kept of a connection under seal.
namespace sealed_field {
constexpr const char* code = "code";          ///< version: of the grant it is for
constexpr const char* verifier = "verifier";  ///< PKCE; version: of the grant
constexpr const char* access_token = "access_token";
constexpr const char* refresh_token = "refresh_token";
constexpr const char* previous_refresh_token = "previous_refresh_token";
constexpr const char* legacy = "legacy";  ///< OAuth 1.0a credential; version 0
}  // namespace sealed_field

/// Whose secret it is.
struct Owner {
  std::string tenant;
  std::string connection;
};

/// Puts secrets away and takes them out, inside the caller's transaction. Throws DatabaseError when
/// a value cannot be sealed or opened: that is damage or a missing key, never something to go on
/// with.
class SecretStore {
 public:
  explicit SecretStore(std::shared_ptr<const vault::Vault> vault) : vault_(std::move(vault)) {}

  const vault::Vault& vault() const { return *vault_; }

  /// What is wrong with the master keys, for the operator; empty: nothing. Set by who watches them
  /// (KeyKeeper); a new sentence goes to the log.
  std::string key_fault() const;
  void set_key_fault(const std::string& sentence) const;
  /// Whether something did not open for want of a master key since this was asked last.
  bool take_doubt() const { return doubt_.exchange(false); }
  /// Throws what a failure of the vault means to who works on the database.
  [[noreturn]] void give_up(const Error& error) const;

  void put(store::Database& db, const Owner& owner, const char* field, std::int64_t version,
           const Secret& secret) const;
  std::optional<Secret> get(store::Database& db, const Owner& owner, const char* field,
                            std::int64_t version) const;
  void drop(store::Database& db, const Owner& owner, const char* field, std::int64_t version) const;
  /// Forgets everything of a grant version; 0: the OAuth 1.0a credential.
  void forget(store::Database& db, const Owner& owner, std::int64_t version) const;

 private:
  vault::WrappedKey key_of(store::Database& db, const Owner& owner) const;

  std::shared_ptr<const vault::Vault> vault_;
  mutable std::atomic<bool> doubt_{false};
  mutable std::mutex mutex_;
  mutable std::string key_fault_;
};

}  // namespace rekey::work
