// Addresses of the accounting API, and which of Intuit's two environments they name.
#pragma once

#include <optional>
#include <string_view>

namespace rekey::sandbox {

/// Intuit's environments have hosts of their own. Here each of them stands before the path, so that
/// a program can be given either as its base address; without one the environment does not count.
struct AccountingPath {
  std::string_view below;          ///< what comes after "/v3/company/"
  std::optional<bool> production;  ///< nothing: not said

  std::string_view realm() const { return below.substr(0, below.find('/')); }
};

inline constexpr std::string_view accounting_start = "/v3/company/";
inline constexpr std::string_view production_host = "/quickbooks.api.intuit.com";
inline constexpr std::string_view sandbox_host = "/sandbox-quickbooks.api.intuit.com";

/// Nothing if it is no address of the accounting API. What is given must live as long as the
/// answer.
inline std::optional<AccountingPath> accounting_path(std::string_view path) {
  AccountingPath out;
  for (const auto host : {production_host, sandbox_host})
    if (path.starts_with(host) && path.substr(host.size()).starts_with(accounting_start)) {
      out.production = host == production_host;
      path.remove_prefix(host.size());
    }
  if (!path.starts_with(accounting_start)) return std::nullopt;
  out.below = path.substr(accounting_start.size());
  return out;
}

}  // namespace rekey::sandbox
