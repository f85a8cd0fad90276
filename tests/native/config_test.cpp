#include "native/config.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>

#include "native/config_flags.hpp"
#include "native/vault/random.hpp"

namespace rekey::config_test {

using namespace rekey::config;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;

namespace {

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("rekey-config-" + vault::random_token(9));
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    std::filesystem::permissions(path / name, std::filesystem::perms(0600));
    return path / name;
  }
};

Environment environment(Values variables = {}) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string hint_of(const Values& flags, const Environment& variables = environment()) {
  const auto settings = read_settings(flags, variables);
  REQUIRE_FALSE(settings);
  CHECK(settings.error().code == Code::misconfigured);
  return settings.error().hint;
}

Settings complete() {
  return read_settings({{"client-id", "app"}, {"public-url", "https://connect.example.com"}},
                       environment({{"REKEY_CLIENT_SECRET", "s"}, {"REKEY_MASTER_KEY", "k"}}))
      .value();
}

}  // namespace

TEST_CASE("config: with nothing given, the defaults hold", "[config]") {
  const auto settings = read_settings({}, environment());
  REQUIRE(settings);
  CHECK(settings->listen_address == "127.0.0.1");
  CHECK(settings->listen_port == 8080);
  CHECK(settings->public_url == "http://127.0.0.1:8080");
  CHECK_FALSE(settings->https);
  CHECK(settings->redirect_uri == "http://127.0.0.1:8080/callback");
  CHECK(settings->database == "rekey.db");
  CHECK(settings->provider == "intuit-production");
  CHECK(settings->scopes.empty());
  CHECK(settings->import_page_size == 1000);
  CHECK(settings->log_level == log::Level::info);
}

TEST_CASE("config: a flag goes before the environment, that before the file", "[config]") {
  const Folder folder;
  const std::string file = folder.write("rekey.toml",
                                        "database = \"file.db\"\n"
                                        "client-id = \"file\"\n"
                                        "import-page-size = 7\n"
                                        "scopes = [\"a\", \"b\"]\n");
  const auto settings = read_settings(
      {{"config", file}, {"database", "flag.db"}},
      environment({{"REKEY_DATABASE", "variable.db"}, {"REKEY_CLIENT_ID", "variable"}}));
  REQUIRE(settings);
  CHECK(settings->database == "flag.db");
  CHECK(settings->client_id == "variable");
  CHECK(settings->import_page_size == 7);
  CHECK(settings->scopes == std::vector<std::string>{"a", "b"});
}

TEST_CASE("config: the file can be named by the environment, and an empty variable is none",
          "[config]") {
  const Folder folder;
  const std::string file = folder.write("rekey.toml", "client-id = \"file\"\n");
  const auto settings =
      read_settings({}, environment({{"REKEY_CONFIG", file}, {"REKEY_CLIENT_ID", ""}}));
  REQUIRE(settings);
  CHECK(settings->client_id == "file");
}

TEST_CASE("config: the public address decides Secure cookies and the redirect address",
          "[config]") {
  const auto settings =
      read_settings({{"public-url", "https://connect.example.com/"}}, environment());
  REQUIRE(settings);
  CHECK(settings->public_url == "https://connect.example.com");
  CHECK(settings->https);
  CHECK(settings->redirect_uri == "https://connect.example.com/callback");
  const auto other = read_settings({{"redirect-uri", "https://a.example/back"}}, environment());
  CHECK(other->redirect_uri == "https://a.example/back");
}

TEST_CASE("config: addresses to listen on are read", "[config]") {
  const auto any = read_settings({{"listen", "0.0.0.0:0"}}, environment());
  REQUIRE(any);
  CHECK(any->listen_port == 0);
  CHECK(any->public_url.empty());  // not known before it listens
  CHECK(any->redirect_uri.empty());
  const auto v6 = read_settings({{"listen", "[::1]:9000"}}, environment());
  REQUIRE(v6);
  CHECK(v6->listen_address == "::1");
  CHECK(v6->public_url == "http://[::1]:9000");
}

TEST_CASE("config: a value that cannot be is refused with what it must be", "[config]") {
  const auto [name, value, wanted] = GENERATE(table<std::string, std::string, std::string>({
      {"listen", "8080", "an IP address and a port"},
      {"listen", ":8080", "an IP address and a port"},
      {"listen", "127.0.0.1:99999", "an IP address and a port"},
      {"listen", "127.0.0.1:80x", "an IP address and a port"},
      {"listen", "::1:80", "an IP address and a port"},
      {"public-url", "connect.example.com", "an address without a path"},
      {"public-url", "ftp://connect.example.com", "an address without a path"},
      {"public-url", "https://connect.example.com/a", "an address without a path"},
      {"public-url", "https://user@connect.example.com", "an address without a path"},
      {"redirect-uri", "/callback", "an absolute address"},
      {"redirect-uri", "https://a.example/#b", "an absolute address"},
      {"import-page-size", "0", "a number from 1 to 1000"},
      {"import-page-size", "1001", "a number from 1 to 1000"},
      {"import-page-size", "many", "a number from 1 to 1000"},
      {"log-level", "loud", "debug, info, warning or error"},
      {"tls-certificate", "/absent.pem", "a file that exists"},
      {"tls-key", "/absent.pem", "a file that exists"},
      {"master-key-file", "/absent.key", "a file that exists"},
      {"page-dir", "/absent", "a folder with an index.html"},
  }));
  CAPTURE(name, value);
  const std::string hint = hint_of({{name, value}});
  CHECK_THAT(hint, ContainsSubstring("The setting " + name + ", given by --" + name + ", must be " +
                                     wanted));
  CHECK_THAT(hint, ContainsSubstring("\"" + value + "\""));
  const std::string variable = environment_name(name);
  CHECK_THAT(hint_of({}, environment({{variable, value}})),
             ContainsSubstring("the environment variable " + variable));
}

TEST_CASE("config: a client secret comes from the environment or from its file", "[config]") {
  const Folder folder;
  const std::string file = folder.write("secret", "s3cret value\n");
  CHECK(read_settings({{"client-secret-file", file}}, environment())
            ->client_secret.same_as("s3cret value"));
  const auto variable = environment({{"REKEY_CLIENT_SECRET", "v4lue"}});
  CHECK(read_settings({}, variable)->client_secret.same_as("v4lue"));
  CHECK_THAT(hint_of({{"client-secret-file", file}}, variable), ContainsSubstring("given twice"));
  CHECK_THAT(hint_of({{"client-secret-file", folder.write("empty", "\n")}}),
             ContainsSubstring("holds the client secret"));
}

TEST_CASE("config: several verifier tokens are good at once, wherever they come from", "[config]") {
  const Folder folder;
  const std::string file = folder.write("tokens", "first\n\n  second \n");
  const auto settings =
      read_settings({{"webhook-verifier-token-file", file}},
                    environment({{"REKEY_WEBHOOK_VERIFIER_TOKEN", "third fourth"}}));
  REQUIRE(settings);
  std::vector<std::string> all;
  for (const auto& each : settings->webhook_verifier_tokens) all.push_back(each.reveal());
  std::sort(all.begin(), all.end());
  CHECK(all == std::vector<std::string>{"first", "fourth", "second", "third"});
  CHECK(read_settings({}, environment())->webhook_verifier_tokens.empty());
  CHECK_THAT(hint_of({{"webhook-verifier-token-file", folder.write("none", " \n")}}),
             ContainsSubstring("holds a verifier token"));
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  CHECK_THAT(hint_of({{"webhook-verifier-token-file", file}}), ContainsSubstring("chmod"));
}

TEST_CASE("config: a secret in a flag or in the file is refused, and not repeated", "[config]") {
  const Folder folder;
  const auto name = GENERATE(as<std::string>{}, "client-secret", "master-key");
  const std::string by_flag = hint_of({{name, "hunter2"}});
  CHECK_THAT(by_flag, ContainsSubstring(environment_name(name)));
  CHECK(by_flag.find("hunter2") == std::string::npos);
  const std::string file = folder.write("rekey.toml", "\n" + name + " = \"hunter2\"\n");
  const std::string in_file = hint_of({{"config", file}});
  CHECK_THAT(in_file, ContainsSubstring("line 2") && ContainsSubstring(environment_name(name)));
  CHECK(in_file.find("hunter2") == std::string::npos);
}

TEST_CASE("config: a database's address with a password in it is refused as a flag", "[config]") {
  const auto* address =
      GENERATE("postgresql://a:hunter2@db/books", "postgresql://a:hunter2/3@db/books",
               "postgresql://a:hunter2@3@db/books", "user=a password=hunter2 host=db");
  const auto hint = hint_of({{"database", address}});
  CHECK_THAT(hint, ContainsSubstring("REKEY_DATABASE") && !ContainsSubstring("hunter2"));
}

TEST_CASE("config: what is wrong with the file is said with its line", "[config]") {
  const Folder folder;
  const auto hint = [&](const std::string& text) {
    return hint_of({{"config", folder.write("rekey.toml", text)}});
  };
  CHECK_THAT(hint("\n\nclient-di = \"x\"\n"),
             ContainsSubstring("line 3: there is no setting \"client-di\". Did you mean "
                               "\"client-id\"?"));
  CHECK_THAT(hint("databse = \"x\""), ContainsSubstring("\"database\""));
  CHECK_THAT(hint("database = \"x"), ContainsSubstring("line 1: this is not TOML"));
  CHECK_THAT(hint("[database]\nfile = \"x\""), ContainsSubstring("database must be a text"));
  CHECK_THAT(hint("database = true"), ContainsSubstring("database must be a text"));
  CHECK_THAT(hint("import-page-size = 5000"), ContainsSubstring("must be a number from 1 to 1000"));
  CHECK_THAT(hint_of({{"config", folder.path / "absent.toml"}}),
             ContainsSubstring("There is no settings file"));
}

TEST_CASE("config: serving needs a client, a master key and whole pairs", "[config]") {
  Settings settings = complete();
  REQUIRE(check_for_serve(settings));
  std::string wanted;
  SECTION("client id") {
    settings.client_id.clear();
    wanted = "client-id";
  }
  SECTION("client secret") {
    settings.client_secret = Secret();
    wanted = "REKEY_CLIENT_SECRET";
  }
  SECTION("master key") {
    settings.master_key = Secret();
    wanted = "REKEY_MASTER_KEY";
  }
  SECTION("certificate without key") {
    settings.tls_certificate = "a.pem";
    wanted = "both tls-certificate and tls-key";
  }
  SECTION("Intuit's production without https") {
    settings.public_url = "http://connect.example.com";
    settings.https = false;
    wanted = "must begin with https://";
  }
  SECTION("a required list that is not mapped") {
    settings.pages.required_lists = {mapping::Section::items};
    wanted = "required-lists names items";
  }
  SECTION("the host API over a network without TLS") {
    settings.api_address = GENERATE("10.0.0.5", "0.0.0.0", "::", "2001:db8::5");
    wanted = "(api-listen)";
  }
  const auto checked = check_for_serve(settings);
  REQUIRE_FALSE(checked);
  CHECK_THAT(checked.error().hint, ContainsSubstring(wanted));
}

TEST_CASE("config: the host API may listen where it cannot be read, or on purpose", "[config]") {
  Settings settings;
  settings.client_id = "c";
  settings.client_secret = Secret(std::string("s"));
  settings.master_key = Secret(std::string("k"));
  settings.public_url = "https://connect.example.com";
  settings.https = true;
  SECTION("on loopback") {
    settings.api_address = GENERATE("127.0.0.1", "::1");
  }
  SECTION("with TLS") {
    settings.api_address = "10.0.0.5";
    settings.tls_certificate = "a.pem";
    settings.tls_key = "a.key";
  }
  SECTION("said on purpose") {
    settings.api_address = "10.0.0.5";
    settings.allow_http = true;
  }
  CHECK(check_for_serve(settings));
}

TEST_CASE("config: no master key is made where the host API is for others", "[config]") {
  Settings settings;
  settings.provider = "intuit-sandbox";
  settings.listen_address = "127.0.0.1";
  CHECK(is_for_this_machine_only(settings));
  settings.api_address = "127.0.0.1";
  CHECK(is_for_this_machine_only(settings));
  settings.api_address = "10.0.0.5";
  CHECK_FALSE(is_for_this_machine_only(settings));
}

TEST_CASE("config: the help names every setting with its variable and its default", "[config]") {
  CLI::App command("x", "serve");
  Values flags;
  add_settings(command, flags);
  const std::string help = command.help();
  for (const Setting& setting : all_settings()) {
    CAPTURE(setting.name);
    CHECK_THAT(help, ContainsSubstring(environment_name(setting.name)));
    CHECK_THAT(help, ContainsSubstring(setting.fallback));
    const bool offered = help.find(std::string("--") + setting.name + " ") != std::string::npos;
    CHECK(offered == !setting.secret);
  }
  CHECK_THAT(help, ContainsSubstring("REKEY_CONFIG"));
}

TEST_CASE("config: flags are taken as they were written, and only those that were", "[config]") {
  CLI::App command("x", "serve");
  Values flags;
  add_settings(command, flags, {"database", "master-key-file", "listen"});
  command.parse("--database=a.db --listen 127.0.0.1:1 --config c.toml");
  CHECK(flags == Values{{"database", "a.db"}, {"listen", "127.0.0.1:1"}, {"config", "c.toml"}});
  CLI::App again("x", "serve");
  add_settings(again, flags, {"database"});
  CHECK_THROWS_AS(again.parse("--listen 127.0.0.1:1"), CLI::ParseError);
}

}  // namespace rekey::config_test
