#include "native/server/static_files.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "native/server/page_problem.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string type_of(const fs::path& path) {
  static const std::map<std::string, std::string> types = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".wasm", "application/wasm"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ttf", "font/ttf"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"}};
  const auto at = types.find(path.extension().string());
  return at == types.end() ? "application/octet-stream" : at->second;
}

std::string etag_of(const std::string& body) {
  return "\"" + vault::sha256_hex(body).substr(0, 32) + "\"";
}

std::string in_html(const std::string& text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  return out;
}

/// Whether a file's name says what is in it ("rekey-1a2b3c4d.wasm", web/assemble.mjs), so that
/// there is never anything else under it.
bool is_for_good(const std::string& name) {
  constexpr std::size_t mark = 8;
  const auto dot = name.rfind('.');
  if (dot == name.npos || dot < mark + 1 || name[dot - mark - 1] != '-') return false;
  const auto digits = std::string_view(name).substr(dot - mark, mark);
  return digits.find_first_not_of("0123456789abcdef") == digits.npos;
}

/// True if it was there.
bool replace_all(std::string& text, std::string_view from, const std::string& to) {
  bool found = false;
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
    found = true;
  }
  return found;
}

}  // namespace

std::string way_back_html(const std::string& host_name, const std::string& host_url) {
  if (host_url.empty()) return {};
  static const auto words = text::Catalogue::english();
  const auto url = in_html(host_url), host = in_html(host_name);
  // boot.js says it again in the page's language, with the same values.
  return text::fill(
      R"(<span data-text="shell.way_back" data-url="{url}" data-host="{host}">{words}</span>)",
      {{"url", url},
       {"host", host},
       {"words", words.say("shell.way_back", {{"url", url}, {"host", host}})}});
}

StaticFiles::StaticFiles(const std::string& folder, const std::string& way_back) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_regular_file()) continue;
    const auto path = at->path();
    auto name = "/" + fs::relative(path, folder).generic_string();
    if (path.extension() == ".br") {
      files_[name.substr(0, name.size() - 3)].brotli = read_file(path);
      continue;
    }
    auto& file = files_[name];
    file.body = read_file(path);
    file.type = type_of(path);
    file.etag = etag_of(file.body);
  }
  if (files_.count("/index.html") == 0)
    throw std::runtime_error(words::say("page_folder.empty", {{"folder", folder}}));
  auto& index = files_.at("/index.html");
  if (way_back.empty() || !replace_all(index.body, "<!--way-back-->", way_back)) return;
  index.brotli.clear();
  index.etag = etag_of(index.body);
}

http::Response StaticFiles::serve(const http::Request& request, bool secure) const {
  if (request.method != "GET" && request.method != "HEAD")
    return problem_at(request.path, no_such_address());
  const bool page = request.path == "/" || request.path == "/callback";
  // The page's own address may carry a code: nothing of it is kept anywhere.
  const bool kept = !page || (request.path == "/" && request.query.empty());
  const auto at = files_.find(page ? "/index.html" : request.path);
  http::Response response;
  if (at == files_.end() || at->second.type.empty()) {
    response = problem_at(request.path, no_such_address());
    add_safety_headers(response, secure);
    return response;
  }
  const auto& file = at->second;
  response.headers = {{"Content-Type", file.type}, {"Vary", "Accept-Encoding"}};
  response.headers.set("Cache-Control", !kept ? "no-store"
                                        : is_for_good(request.path)
                                            ? "public, max-age=31536000, immutable"
                                            : "no-cache");
  if (kept) response.headers.set("ETag", file.etag);
  add_safety_headers(response, secure);
  if (kept && request.headers.get("If-None-Match") == file.etag) {
    response.status = 304;
    return response;
  }
  const auto accepted = request.headers.get("Accept-Encoding").value_or("");
  if (!file.brotli.empty() && accepted.find("br") != std::string::npos) {
    response.headers.set("Content-Encoding", "br");
    response.body = file.brotli;
  } else {
    response.body = file.body;
  }
  return response;
}

void add_safety_headers(http::Response& response, bool secure) {
  response.headers.set(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
      "font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  response.headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  if (secure)
    response.headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

}  // namespace rekey::server
