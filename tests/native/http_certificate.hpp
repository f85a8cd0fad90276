// A certificate for the machine's own address, made for one test.
#pragma once

#include <string>

namespace rekey::testing {

/// PEM files of a self-signed certificate for localhost and 127.0.0.1 and of its key, in a folder
/// that goes with it.
class Certificate {
 public:
  Certificate();
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  std::string certificate() const { return folder_ + "/certificate.pem"; }
  std::string key() const { return folder_ + "/key.pem"; }

 private:
  std::string folder_;
};

}  // namespace rekey::testing
