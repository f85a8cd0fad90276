// The page's files as they are served.
#include "native/server/static_files.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rekey::static_files_test {

using Catch::Matchers::ContainsSubstring;

namespace {

/// A page of two files, one of them compressed, too.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "rekey-page-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    write("index.html", "<p>Load it again. <!--way-back--></p><p><!--way-back--></p>");
    write("index.html.br", "compressed");
    write("page.css", "p { }");
    write("page-0123abcd.css", "p { }");
    write("page-0123abcg.css", "p { }");
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
  }
  std::string path_;
};

http::Response get(const server::StaticFiles& files, const std::string& path) {
  http::Request request;
  request.method = "GET";
  request.path = path;
  request.headers.set("Accept-Encoding", "gzip, br");
  return files.serve(request, true);
}

}  // namespace

TEST_CASE("page: one that cannot start offers the way back to the host application", "[server]") {
  const Folder folder;
  const server::StaticFiles files(
      folder.path(), server::way_back_html("Bolt & <Sons>", "https://app.example.com/?a=1&b=2"));
  for (const char* path : {"/", "/callback", "/index.html"}) {
    const auto page = get(files, path);
    const std::string url = "\"https://app.example.com/?a=1&amp;b=2\"",
                      host = "Bolt &amp; &lt;Sons&gt;";
    const std::string link = "<span data-text=\"shell.way_back\" data-url=" + url +
                             " data-host=\"" + host + "\">You can also <a href=" + url +
                             ">go back to " + host + "</a>.</span>";
    CHECK(page.body == "<p>Load it again. " + link + "</p><p>" + link + "</p>");
    CHECK_FALSE(page.headers.get("Content-Encoding"));
    CHECK_THAT(page.headers.get("Content-Security-Policy").value_or(""),
               ContainsSubstring("default-src 'none'"));
  }
}

TEST_CASE("page: without an address of the host application it is served as it was built",
          "[server]") {
  const Folder folder;
  const server::StaticFiles files(folder.path(), server::way_back_html("your application", ""));
  const auto page = get(files, "/");
  CHECK(page.body == "compressed");
  CHECK(page.headers.get("Content-Encoding") == "br");
}

TEST_CASE("page: what is named by its content is kept for good, an address with a code never",
          "[server]") {
  const Folder folder;
  const server::StaticFiles files(folder.path(), "");
  const auto kept = [&](const std::string& path) {
    return get(files, path).headers.get("Cache-Control").value_or("");
  };
  CHECK(kept("/page-0123abcd.css") == "public, max-age=31536000, immutable");
  for (const char* path : {"/page-0123abcg.css", "/page.css", "/index.html", "/"})
    CHECK(kept(path) == "no-cache");
  CHECK(kept("/callback") == "no-store");
  http::Request with_code;
  with_code.method = "GET";
  with_code.path = "/";
  with_code.query = "code=c";
  const auto page = files.serve(with_code, true);
  CHECK(page.headers.get("Cache-Control") == "no-store");
  CHECK_FALSE(page.headers.get("ETag"));
}

TEST_CASE("page: a second visit is one answer without a body", "[server]") {
  const Folder folder;
  const server::StaticFiles files(folder.path(), "");
  http::Request again;
  again.method = "GET";
  again.path = "/";
  again.headers.set("If-None-Match", get(files, "/").headers.get("ETag").value_or("none"));
  const auto answer = files.serve(again, true);
  CHECK(answer.status == 304);
  CHECK(answer.body.empty());
}

}  // namespace rekey::static_files_test
