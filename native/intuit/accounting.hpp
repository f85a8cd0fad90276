// Reading a company over the accounting API v3.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/connect/state.hpp"
#include "core/import/state.hpp"
#include "core/oauth/meaning.hpp"
#include "core/oauth/provider.hpp"
#include "core/secret.hpp"
#include "native/async/task.hpp"
#include "native/http/http.hpp"

namespace rekey::intuit {

template <class T>
using Read = tl::expected<T, oauth::Failure>;

/// The accounting API of one provider. Safe to share between threads; must outlive what it has been
/// asked.
class Accounting {
 public:
  Accounting(oauth::Provider provider, std::shared_ptr<http::Client> client,
             std::function<Instant()> clock);

  /// The proof of a grant: the company itself. With a provider that names no company in its
  /// callback, `realm_id` is empty and is read from userinfo (`realmid`, else `sub`).
  async::Task<Read<connect::Company>> company(std::string realm_id, Secret access_token) const;

  /// One page of an entity's rows, from `start` (counting from 1), at most `most` (1 to 1000),
  /// inactive ones included.
  async::Task<Read<std::vector<wire::Json>>> page(imports::Entity entity, std::string realm_id,
                                                  Secret access_token, std::int64_t start,
                                                  std::int64_t most) const;

  /// How many rows an entity has.
  async::Task<Read<std::int64_t>> count(imports::Entity entity, std::string realm_id,
                                        Secret access_token) const;

 private:
  async::Task<Read<wire::Json>> get(std::string url, Secret access_token) const;
  async::Task<Read<wire::Json>> query(const std::string& realm_id, const Secret& access_token,
                                      const std::string& statement) const;

  oauth::Provider provider_;
  std::shared_ptr<http::Client> client_;
  std::function<Instant()> clock_;
};

}  // namespace rekey::intuit
