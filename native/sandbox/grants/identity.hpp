// Who signed in, as OpenID Connect tells it: subjects, userinfo and signed id tokens.
#pragma once

#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "native/sandbox/grants/grants.hpp"
#include "native/sandbox/kept/keep.hpp"

namespace rekey::sandbox {

/// Every id token says this issuer, wherever it was made: Intuit's clients hold it as a constant.
inline constexpr const char* fixed_issuer = "https://oauth.platform.intuit.com/op/v1";

/// A stable subject for a user name.
std::string subject_of(const std::string& user);
/// The answer of the userinfo endpoint, by what the scopes allow.
nlohmann::json userinfo(const Consent& consent);

/// The RSA key that signs id tokens; made when it is first needed, because making it takes longer
/// than starting does.
class SigningKey {
 public:
  SigningKey();
  ~SigningKey();

  /// Gives back a kept key; before it is first needed.
  void restore(std::string pem) { pem_ = std::move(pem); }
  /// Tells of the key ("key") when it is made.
  void keep_with(Keep keep) { keep_ = std::move(keep); }

  /// The public half as a JSON Web Key Set (RFC 7517).
  nlohmann::json key_set();
  /// Claims as a JSON Web Token signed with RS256 (RFC 7515).
  std::string sign(const nlohmann::json& claims);

 private:
  struct Parts;
  const Parts& parts();
  std::string pem_;
  Keep keep_;
  std::once_flag once_;
  std::unique_ptr<Parts> parts_;
};

/// The id token of a consent.
std::string make_id_token(SigningKey& key, const Consent& consent, Instant now);

}  // namespace rekey::sandbox
