#include "native/server/service.hpp"

#include "native/vault/random.hpp"

namespace rekey::server {

PageLink mint_page_link(Service& service, store::Database& db, const store::PageVisit& visit) {
  const auto token = vault::random_token(32);
  const auto expires = service.driver.now() + page_token_life;
  store::put_page_token(db, vault::sha256_hex(token), visit, expires);
  return {service.public_url + "/#session=" + token, expires};
}

}  // namespace rekey::server
