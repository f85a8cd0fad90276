// Passwords where they do not belong, and addresses in their normal form.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>

#include "native/config_secrets.hpp"
#include "native/config_url.hpp"
#include "native/store/database.hpp"
#include "native/system/process.hpp"

namespace rekey::config_secrets_test {

using namespace rekey::config;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("passwords: every spelling is caught", "[config]") {
  const std::string text = GENERATE(
      "postgresql://user:hunter2@host/db", "postgres://user:hunter2@host",
      "postgresql://:hunter2@host/db", "postgresql://user:hun/ter2@host/db",
      "postgresql://user:hun@ter2@host/db", "POSTGRESQL://user:hunter2@host/db",
      "postgresql:/user:hunter2@host/db", "--database=postgresql://user:hunter2@host/db",
      "--databse=postgres://user:hunter2@host", "postgresql://user@host/db?password=hunter2",
      "postgresql://user@host/db?sslmode=require&password=hunter2",
      "postgresql://user@host/db?pass%77ord=hunter2", "postgresql://user@host/db?PASSWORD=hunter2",
      "postgresql://user@host/db?sslpassword=hunter2", "host=db password=hunter2",
      "host=db password = 'hunter2'", "host=db password='hunter2'", "password = hunter2 host=db",
      "host=db\tpassword\t=\thunter2", "host=db password\v=\vhunter2",
      "host=db password\f=\fhunter2", "host=db sslpassword = hunter2", "PGPASSWORD=hunter2",
      "https://user:hunter2@hooks.example/x");
  CAPTURE(text);
  CHECK(shows_password(text));
  const char* arguments[] = {"rekey", "serve", text.c_str()};
  const auto complaint = complaint_of(3, arguments);
  CHECK_THAT(complaint, ContainsSubstring("has a password in it"));
  CHECK_THAT(complaint, !ContainsSubstring("unter2") && !ContainsSubstring("ter2@"));
}

TEST_CASE("passwords: what is none is left alone", "[config]") {
  const std::string text =
      GENERATE("postgresql://user@host:5432/db", "postgresql://host/db?passfile=/run/pass",
               "postgresql:///db?host=/run/postgresql", "host=db passfile=/run/pass user=a",
               "https://connect.example.com:8443/a@b", "/var/lib/rekey/password.db", "rekey.db",
               "vault read -field=password secret/rekey", "123:Test Books:20", "127.0.0.1:8080",
               "--client-secret-file", "postgresql://user@[::1]:5432/db");
  CAPTURE(text);
  CHECK_FALSE(shows_password(text));
}

TEST_CASE("passwords: no message about a setting repeats one", "[config]") {
  const auto* name = GENERATE("database", "public-url", "redirect-uri", "listen", "provider");
  const auto* value = GENERATE("ftp://user:hunter2@host/x", "mysql://user:hunter2@host/x");
  const auto by_flag = read_settings(
      {{name, value}}, [](const std::string&) { return std::optional<std::string>(); });
  REQUIRE_FALSE(by_flag);
  CHECK_THAT(by_flag.error().hint, !ContainsSubstring("hunter2"));
  const auto by_variable = read_settings({}, [&](const std::string& asked) {
    return asked == environment_name(name) ? std::optional<std::string>(value) : std::nullopt;
  });
  if (!by_variable) CHECK_THAT(by_variable.error().hint, !ContainsSubstring("hunter2"));
}

TEST_CASE("passwords: a master key in place of its file is not repeated", "[config]") {
  const std::string key = "bWFkZS11cC1tYWRlLXVwLW1hZGUtdXAtbWFkZS11cC0=";
  for (const char* name : {"master-key-file", "tls-key", "tls-certificate"}) {
    const auto read = read_settings(
        {{name, key}}, [](const std::string&) { return std::optional<std::string>(); });
    REQUIRE_FALSE(read);
    CHECK_THAT(read.error().hint, ContainsSubstring(name));
    CHECK_THAT(read.error().hint, !ContainsSubstring("bWFkZS"));
  }
  CHECK_FALSE(looks_like_key("/etc/rekey/master.key"));
}

TEST_CASE("passwords: a secret that was read is gone from the environment, memory and all",
          "[config]") {
  ::setenv("REKEY_CLIENT_SECRET", "hunter2", 1);
  ::setenv("REKEY_CLIENT_SECRETS", "stays", 1);
  const char* kept = ::getenv("REKEY_CLIENT_SECRET");
  const std::string_view where(kept, 7);
  Settings settings;
  forget_secrets(settings);
  CHECK(::getenv("REKEY_CLIENT_SECRET") == nullptr);
  CHECK(where == std::string_view("\0\0\0\0\0\0\0", 7));
  CHECK(std::string(::getenv("REKEY_CLIENT_SECRETS")) == "stays");
  ::unsetenv("REKEY_CLIENT_SECRETS");
}

TEST_CASE("passwords: PGPASSWORD finds its place in the database's address", "[config]") {
  CHECK(store::with_password("postgresql://a@b/c", "p@ 'x") ==
        "postgresql://a@b/c?password=%70%40%20%27%78");
  CHECK(store::with_password("postgresql://a@b/c?sslmode=require", "p") ==
        "postgresql://a@b/c?sslmode=require&password=%70");
  CHECK(store::with_password("host=b user=a", "p'\\q") == "host=b user=a password='p\\'\\\\q'");
  CHECK(store::with_password("rekey.db", "p") == "rekey.db");
}

TEST_CASE("public-url: it is kept as browsers write an origin", "[config]") {
  const auto [given, kept] = GENERATE(table<std::string, std::string>({
      {"https://connect.example.com", "https://connect.example.com"},
      {"HTTPS://Connect.Example.COM/", "https://connect.example.com"},
      {"https://connect.example.com:443", "https://connect.example.com"},
      {"https://connect.example.com:443///", "https://connect.example.com"},
      {"https://connect.example.com:8443", "https://connect.example.com:8443"},
      {"https://connect.example.com:0443", "https://connect.example.com"},
      {"http://127.0.0.1:80", "http://127.0.0.1"},
      {"http://127.0.0.1:443", "http://127.0.0.1:443"},
      {"http://[::1]:8080", "http://[::1]:8080"},
      {"http://[0:0:0:0:0:0:0:1]:80", "http://[::1]"},
      {"https://[2001:DB8::A]", "https://[2001:db8::a]"},
      {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example"},
  }));
  CAPTURE(given);
  CHECK(normal_origin(given) == kept);
}

TEST_CASE("public-url: what no browser would come by is refused", "[config]") {
  const std::string given = GENERATE(
      "https://b\xC3\xBC"
      "cher.example",
      "https://", "https:///x", "https://a.example/x", "https://a.example?x", "https://a.example#x",
      "https://user@a.example", "https://a.example:", "https://a.example:0",
      "https://a.example:65536", "https://a.example:80x", "https://a b", "https://a.example\\x",
      "https://127.1", "https://1.2.3.4.5", "https://a..b", "https://.a", "https://[::1",
      "https://[::g]", "https://%61.example", "ftp://a.example", "a.example");
  CAPTURE(given);
  CHECK_FALSE(normal_origin(given));
}

TEST_CASE("public-url: this machine is known by its names", "[config]") {
  for (const std::string here : {"http://localhost", "http://LOCALHOST:1", "http://127.0.0.1:8080",
                                 "http://127.9.9.9", "http://[::1]:8080"})
    CHECK(on_this_machine(here));
  for (const std::string there : {"http://127.example.com", "http://localhost.example.com",
                                  "http://10.0.0.1", "http://[::2]", "127.0.0.1"})
    CHECK_FALSE(on_this_machine(there));
}

}  // namespace rekey::config_secrets_test
