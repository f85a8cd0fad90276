// What customers have allowed, and the codes and tokens that come of it, with Intuit's habits.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/time.hpp"
#include "native/sandbox/kept/keep.hpp"
#include "native/sandbox/kept/kept.hpp"

namespace rekey::sandbox {

/// How the token endpoint behaves where it can be chosen. The defaults are the strictest that is
/// known of Intuit, so that what survives here survives there.
struct GrantRules {
  Millis access_life = std::chrono::hours{1};
  Millis code_life = std::chrono::minutes{10};
  Millis rolling_life = std::chrono::hours{24 * 101};
  Millis hard_life = std::chrono::hours{24 * 365 * 5};
  /// The refresh token stays the same text until it is this old.
  Millis rotate_after = std::chrono::hours{24};
  /// How long a replaced refresh token is still taken.
  Millis grace = Millis{0};
  /// Whether presenting a replaced refresh token ends the whole grant.
  bool kill_on_race = false;
  /// Whether presenting a spent code ends the grant that came of it (RFC 6749 section 4.1.2).
  bool replay_ends_grant = true;
  /// Whether a new consent for the same client and company ends the grant before it.
  bool consent_ends_older = true;
  /// Whether a code challenge must be met (RFC 7636); if not, it is ignored, which may be Intuit's
  /// way: nothing is documented.
  bool pkce = true;
  /// Whether time stamps and nonces of OAuth 1.0a are checked (RFC 5849 section 3.3). Off, because
  /// time can be moved here, and because clients in use send always the same nonce.
  bool legacy_nonces = false;
};

/// What a person allowed in one go.
struct Consent {
  std::string client_id;
  std::string user;
  std::string realm;  ///< empty when only the person was asked about
  std::vector<std::string> scopes;
  std::string redirect_uri;
  std::string challenge;         ///< RFC 7636, empty when the client sent none
  std::string challenge_method;  ///< "S256" or "plain"
  std::string nonce;
  Instant at{};

  bool has_scope(std::string_view scope) const;
};

struct Tokens {
  std::string access;
  std::string refresh;
  Millis access_life{};
  Millis refresh_left{};
  Millis hard_left{};
  Consent consent;
};

/// An answer of the token endpoint that is not a success: RFC 6749 section 5.2.
struct TokenFault {
  std::string error;
  std::string description;
};

/// What an access token is good for at this moment.
enum class AccessState { unknown, expired, ended, live };
struct Access {
  AccessState state = AccessState::unknown;
  Consent consent;
};

/// Thread-safe. Every call takes the time, so that a test can let years pass.
class Grants {
 public:
  explicit Grants(GrantRules rules) : rules_(rules) {}

  GrantRules rules() const;
  /// Holds from now on, for tokens that exist too.
  void set_rules(const GrantRules& rules);
  /// Gives back what was kept, in the order it was made: grants, then the codes spent on them.
  void restore(std::uint64_t number, const nlohmann::json& body);
  void restore_code(const std::string& code, const nlohmann::json& body);
  /// Tells of every change ("grant" and "code") from now on.
  void keep_with(Keep keep) { keep_ = std::move(keep); }

  /// A new single-use code for a consent.
  std::string issue_code(const Consent& consent, Instant now);
  tl::expected<Tokens, TokenFault> exchange(const std::string& client_id, const std::string& code,
                                            const std::string& redirect_uri,
                                            const std::string& verifier, Instant now);
  tl::expected<Tokens, TokenFault> refresh(const std::string& client_id, const std::string& token,
                                           Instant now);
  /// A grant without a code, as the migration of a legacy connection gives it.
  Tokens grant(const Consent& consent, Instant now);
  /// Ends the grant an access or refresh token belongs to. False if there is none that lives.
  bool revoke(const std::string& client_id, const std::string& token, Instant now);
  Access look_up(const std::string& access_token, Instant now) const;
  /// The customer disconnected inside QuickBooks: how many grants that ended.
  std::size_t end_company(const std::string& realm);
  /// Every customer disconnected; the grants of persons that only signed in end too.
  std::size_t end_all();

  struct Summary {
    std::string client_id, user, realm;
    Instant since{}, refresh_until{}, hard_until{};
    bool live = false;
  };
  std::vector<Summary> summaries(Instant now) const;

 private:
  struct Grant {
    std::uint64_t number = 0;
    Consent consent;
    std::string refresh;
    Instant refreshed{};  ///< when this text of the refresh token was made
    std::string before;   ///< the text it replaced
    Instant replaced{};
    std::string access;
    bool ended = false;
  };
  struct Code {
    Consent consent;
    Instant until{};
    std::shared_ptr<Grant> spent_on;
  };
  struct AccessToken {
    std::shared_ptr<Grant> grant;
    Instant until{};
  };

  Instant refresh_until(const Grant& grant) const;
  Tokens open(const Consent& consent, Instant now, std::shared_ptr<Grant>& made);
  Tokens answer(const std::shared_ptr<Grant>& grant, Instant now);
  std::size_t end_where(const std::function<bool(const Grant&)>& ends);
  void renew_refresh(const std::shared_ptr<Grant>& grant, Instant now);
  void forget_old(Instant now);
  void end(const std::shared_ptr<Grant>& grant);
  void tell(const std::shared_ptr<Grant>& grant) const;
  void tell(const std::string& code, const Code& entry) const;

  GrantRules rules_;
  Keep keep_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Grant>> grants_;
  std::map<std::string, Code> codes_;
  std::map<std::string, AccessToken> access_;
  std::map<std::string, std::shared_ptr<Grant>> refresh_;  ///< present and replaced ones
};

}  // namespace rekey::sandbox
