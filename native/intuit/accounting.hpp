// Reading a company over the accounting API v3.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/oauth/provider.hpp"
#include "core/wire/mend.hpp"
#include "native/accounting/system.hpp"
#include "native/http/http.hpp"

namespace rekey::intuit {

using accounting::Read;

/// QuickBooks Online.
class Accounting : public accounting::System {
 public:
  Accounting(oauth::Provider provider, std::shared_ptr<http::Client> client,
             std::function<Instant()> clock);

  /// With a provider that names no company in its callback, it is read from userinfo (`realmid`,
  /// else `sub`).
  async::Task<Read<connect::Company>> company(std::string realm_id,
                                              Secret access_token) const override;
  async::Task<Read<accounting::Page>> page(imports::Entity entity, std::string realm_id,
                                           Secret access_token, std::int64_t start,
                                           std::int64_t most) const override;
  std::int64_t most_rows() const override { return 1000; }
  bool is_counted(imports::Entity entity) const override;
  async::Task<Read<std::int64_t>> count(imports::Entity entity, std::string realm_id,
                                        Secret access_token) const override;
  /// 30 days, but for what Intuit leaves out of it (TaxCode, TaxRate).
  Millis tells_changes(imports::Entity entity) const override;
  async::Task<Read<accounting::Changes>> changes(std::vector<imports::Entity> entities,
                                                 std::string realm_id, Secret access_token,
                                                 Instant since) const override;
  /// The company, its preferences and its tax rates.
  std::vector<imports::Entity> small_lists() const override;
  mapping::Record record_of(imports::Entity entity, const wire::Json& row,
                            const accounting::SmallLists& lists) const override;
  /// TAX and NON, for companies under automated sales tax.
  std::vector<mapping::Record> records_beside(imports::Entity entity,
                                              const accounting::SmallLists& lists) const override;
  mapping::CompanyFacts facts_of(const accounting::SmallLists& lists) const override;
  /// Intuit ended these connections in 2019, and the address may be a help page by now.
  async::Task<bool> disconnect_legacy(const oauth::Credential& credential,
                                      Instant now) const override;

 private:
  async::Task<Read<wire::Mended>> get(std::string url, Secret access_token) const;
  async::Task<Read<wire::Mended>> query(const std::string& realm_id, const Secret& access_token,
                                        const std::string& statement) const;

  oauth::Provider provider_;
  std::shared_ptr<http::Client> client_;
  std::function<Instant()> clock_;
};

}  // namespace rekey::intuit
