#include "policy/base/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "policy/base/call_free.h"

namespace postern {
namespace {

const EVP_MD* Digest() {
  static const EVP_MD* const digest =
      EVP_MD_fetch(nullptr, "SHA256", nullptr);  // kept for good
  return digest;
}

}  // namespace

struct Sha256::Context {
  std::unique_ptr<EVP_MD_CTX, CallFree<EVP_MD_CTX_free>> evp{EVP_MD_CTX_new()};
  bool is_good = evp != nullptr && Digest() != nullptr &&
                 EVP_DigestInit_ex(evp.get(), Digest(), nullptr) == 1;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;

void Sha256::Add(std::string_view octets) {
  if (!context_->is_good || octets.empty()) return;
  context_->is_good =
      EVP_DigestUpdate(context_->evp.get(), octets.data(), octets.size()) == 1;
}

std::string Sha256::Finish() {
  if (!context_->is_good) return {};
  context_->is_good = false;
  std::string hash(32, '\0');
  const int finished = EVP_DigestFinal_ex(
      context_->evp.get(), reinterpret_cast<unsigned char*>(hash.data()),
      nullptr);
  return finished == 1 ? hash : std::string();
}

std::string Sha256Of(std::string_view octets) {
  Sha256 sha;
  sha.Add(octets);
  return sha.Finish();
}

std::string HmacSha256(std::string_view secret, std::string_view octets) {
  std::string mac(32, '\0');
  const unsigned char* made =
      HMAC(Digest(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(octets.data()), octets.size(),
           reinterpret_cast<unsigned char*>(mac.data()), nullptr);
  return made == nullptr ? std::string() : mac;
}

}  // namespace postern
