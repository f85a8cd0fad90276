#include "native/server/service.hpp"

#include "native/store/access.hpp"
#include "native/vault/random.hpp"

namespace rekey::server {

PageLink mint_page_link(Service& service, const std::string& tenant) {
  const auto token = vault::random_token(32);
  const auto expires = service.driver.now() + page_token_life;
  auto db = service.driver.databases().borrow();
  store::put_page_token(*db, vault::sha256_hex(token), tenant, expires);
  return {service.public_url + "/#session=" + token, expires};
}

}  // namespace rekey::server
