// A service with a router and no routes: what the handlers of both surfaces need, without sockets.
#pragma once

#include "native/server/router.hpp"
#include "native/server/service.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::server {

struct ServerHarness : work::Harness {
  Memory memory{databases, driver->hub()};
  work::WebhookTargets targets{{}};
  SessionKeeper sessions{*driver, std::chrono::hours{1}};
  Service service{.driver = *driver,
                  .memory = memory,
                  .clients = clients,
                  .webhook_targets = targets,
                  .provider = {},
                  .client_id = {},
                  .public_url = {},
                  .redirect_uri = {},
                  .host_name = {},
                  .page_dir = {},
                  .pages = {},
                  .sessions = sessions};
  Router router = make_router();
};

}  // namespace rekey::server
