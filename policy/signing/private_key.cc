// The wrapper of OpenSSL's keys: parsed once, test-signed once, then shared by
// all threads (an EVP_PKEY is only read; RSA blinding locks for itself).

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "policy/base/call_free.h"
#include "policy/base/sha256.h"
#include "policy/base/text.h"
#include "policy/signing/keys.h"

namespace postern {
namespace {

using Bio = std::unique_ptr<BIO, CallFree<BIO_free_all>>;
using Pkey = std::unique_ptr<EVP_PKEY, CallFree<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, CallFree<EVP_MD_CTX_free>>;

constexpr std::size_t kMaxFileBytes = 64 * 1024;
constexpr int kMinRsaBits = 1024;  // RFC 8301 s.3.2
constexpr int kMaxRsaBits = 4096;

const unsigned char* Octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Looked up once: EVP_sha256() would make OpenSSL search for every signature.
const EVP_MD* Sha256Digest() {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return digest;
}

// Ed25519 hashes for itself: it is given no digest.
const EVP_MD* DigestOf(KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::kRsaSha256 ? Sha256Digest() : nullptr;
}

// Without it OpenSSL would ask for the passphrase at the terminal.
int RefusePassphrase(char* /*buffer*/, int /*size*/, int /*rwflag*/,
                     void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

Result<Pkey> ReadPem(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  bool is_encrypted = false;
  Pkey pkey(PEM_read_bio_PrivateKey(bio.get(), nullptr, RefusePassphrase,
                                    &is_encrypted));
  if (pkey) return pkey;
  return Fail(is_encrypted ? "the key is encrypted; store it without passphrase"
                           : "not a PEM private key");
}

std::string ToPem(EVP_PKEY* pkey) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (pkey == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), pkey, nullptr, nullptr, 0,
                                    nullptr, nullptr) != 1)
    return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string PemOf(std::string_view der) {
  const unsigned char* octets = Octets(der);
  const Pkey pkey(
      d2i_AutoPrivateKey(nullptr, &octets, static_cast<long>(der.size())));
  return ToPem(pkey.get());
}

Result<KeyAlgorithm> AlgorithmOf(const EVP_PKEY* pkey) {
  if (EVP_PKEY_get_id(pkey) == EVP_PKEY_ED25519)
    return KeyAlgorithm::kEd25519Sha256;
  if (EVP_PKEY_get_id(pkey) != EVP_PKEY_RSA)
    return Fail("neither an RSA nor an Ed25519 key");
  const int bits = EVP_PKEY_get_bits(pkey);
  if (bits < kMinRsaBits || bits > kMaxRsaBits)
    return Fail(fmt::format("an RSA key of {} bits; it must have {} to {}",
                            bits, kMinRsaBits, kMaxRsaBits));
  return KeyAlgorithm::kRsaSha256;
}

// RFC 8463 s.4.2: p= is the bare 32 octets for Ed25519; for RSA it is the
// SubjectPublicKeyInfo.
std::string PublicOctets(const EVP_PKEY* pkey, KeyAlgorithm algorithm) {
  std::string octets;
  if (algorithm == KeyAlgorithm::kEd25519Sha256) {
    std::size_t size = 32;
    octets.resize(size);
    if (EVP_PKEY_get_raw_public_key(
            pkey, reinterpret_cast<unsigned char*>(octets.data()), &size) != 1)
      return {};
  } else {
    const int size = i2d_PUBKEY(pkey, nullptr);
    if (size <= 0) return {};
    octets.resize(static_cast<std::size_t>(size));
    auto* cursor = reinterpret_cast<unsigned char*>(octets.data());
    if (i2d_PUBKEY(pkey, &cursor) != size) return {};
  }
  return octets;
}

std::string RawSign(EVP_PKEY* pkey, KeyAlgorithm algorithm,
                    std::string_view octets) {
  const DigestContext context(EVP_MD_CTX_new());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(pkey)),
                        '\0');
  std::size_t size = signature.size();
  const bool is_signed =
      EVP_DigestSignInit(context.get(), nullptr, DigestOf(algorithm), nullptr,
                         pkey) == 1 &&
      EVP_DigestSign(context.get(),
                     reinterpret_cast<unsigned char*>(signature.data()), &size,
                     Octets(octets), octets.size()) == 1;
  signature.resize(is_signed ? size : 0);
  return signature;
}

// Contexts that are ready to sign with one RSA key: to make one takes a
// fifteenth of a signature's time. Thread-safe; each is used by one thread at a
// time.
class RsaSigners {
 public:
  RsaSigners() = default;
  RsaSigners(const RsaSigners&) = delete;
  RsaSigners& operator=(const RsaSigners&) = delete;
  ~RsaSigners() { all_idle_ -= static_cast<int>(idle_.size()); }

  // The hash is SHA-256's. Empty: OpenSSL refuses.
  [[nodiscard]] std::string Sign(EVP_PKEY* pkey, std::string_view hash) {
    PkeyContext context = Take(pkey);
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(pkey)),
                          '\0');
    std::size_t size = signature.size();
    if (!context ||
        EVP_PKEY_sign(context.get(),
                      reinterpret_cast<unsigned char*>(signature.data()), &size,
                      Octets(hash), hash.size()) != 1)
      return {};
    signature.resize(size);
    const std::lock_guard lock(mutex_);
    if (all_idle_ < kMostIdle) {
      ++all_idle_;
      idle_.push_back(std::move(context));
    }
    return signature;
  }

 private:
  using PkeyContext =
      std::unique_ptr<EVP_PKEY_CTX, CallFree<EVP_PKEY_CTX_free>>;
  static constexpr int kMostIdle = 1'000;

  PkeyContext Take(EVP_PKEY* pkey) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        PkeyContext context = std::move(idle_.back());
        idle_.pop_back();
        --all_idle_;
        return context;
      }
    }
    PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
    const bool is_ready =
        context && EVP_PKEY_sign_init(context.get()) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(context.get(), Sha256Digest()) == 1;
    if (!is_ready) context.reset();
    return context;
  }

  static inline std::atomic<int> all_idle_ = 0;  // of all keys
  std::mutex mutex_;
  std::vector<PkeyContext> idle_;
};

// A key whose halves do not belong together signs, and nobody can verify it.
bool CanSign(EVP_PKEY* pkey, KeyAlgorithm algorithm) {
  constexpr std::string_view kTrial = "postern";
  const std::string signature = RawSign(pkey, algorithm, kTrial);
  const DigestContext context(EVP_MD_CTX_new());
  return !signature.empty() &&
         EVP_DigestVerifyInit(context.get(), nullptr, DigestOf(algorithm),
                              nullptr, pkey) == 1 &&
         EVP_DigestVerify(context.get(), Octets(signature), signature.size(),
                          Octets(kTrial), kTrial.size()) == 1;
}

}  // namespace

Result<std::string> GeneratePrivateKey(KeyAlgorithm algorithm, int bits) {
  const bool is_rsa = algorithm == KeyAlgorithm::kRsaSha256;
  if (is_rsa && (bits < kMinRsaBits || bits > kMaxRsaBits))
    return Fail(fmt::format("an RSA key must have {} to {} bits", kMinRsaBits,
                            kMaxRsaBits));
  const Pkey pkey(is_rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA",
                                             static_cast<std::size_t>(bits))
                         : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  std::string pem = ToPem(pkey.get());
  if (pem.empty()) return Fail("OpenSSL refuses to make a key");
  return pem;
}

std::string_view ToString(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::kRsaSha256:
      return "rsa-sha256";
    case KeyAlgorithm::kEd25519Sha256:
      return "ed25519-sha256";
  }
  return "";
}

struct PrivateKey::Parsed {
  Pkey pkey;
  KeyAlgorithm algorithm;
  int bits;
  std::string public_base64;
  RsaSigners signers;
};

PrivateKey::PrivateKey(std::unique_ptr<Parsed> parsed)
    : parsed_(std::move(parsed)) {}
PrivateKey::~PrivateKey() = default;

Result<std::shared_ptr<const PrivateKey>> PrivateKey::FromPem(
    std::string_view pem) {
  if (pem.size() > kMaxFileBytes) return Fail("too long for a private key");
  Result<Pkey> pkey = ReadPem(pem);
  if (!pkey) return Fail(pkey.error().message);
  const Result<KeyAlgorithm> algorithm = AlgorithmOf(pkey->get());
  if (!algorithm) return Fail(algorithm.error().message);
  const std::string octets = PublicOctets(pkey->get(), *algorithm);
  if (octets.empty() || !CanSign(pkey->get(), *algorithm))
    return Fail("the key cannot sign: a trial signature does not verify");
  const int bits = EVP_PKEY_get_bits(pkey->get());
  auto parsed = std::make_unique<Parsed>(*std::move(pkey), *algorithm, bits,
                                         Base64Encode(octets));
  return std::shared_ptr<const PrivateKey>(new PrivateKey(std::move(parsed)));
}

Result<std::shared_ptr<const PrivateKey>> PrivateKey::FromText(
    std::string_view text) {
  if (Contains(text, "-----BEGIN")) return FromPem(text);
  const std::optional<std::string> der = Base64Decode(text);
  if (!der) return Fail("neither PEM nor Base64");
  const std::string pem = PemOf(*der);
  if (pem.empty()) return Fail("not a private key in Base64 of DER");
  return FromPem(pem);
}

KeyAlgorithm PrivateKey::algorithm() const { return parsed_->algorithm; }
int PrivateKey::bits() const { return parsed_->bits; }
const std::string& PrivateKey::public_base64() const {
  return parsed_->public_base64;
}

std::string PrivateKey::Sign(std::string_view signed_octets) const {
  const std::string hash = Sha256Of(signed_octets);
  if (hash.empty()) return {};
  if (parsed_->algorithm == KeyAlgorithm::kRsaSha256)
    return parsed_->signers.Sign(parsed_->pkey.get(), hash);
  // RFC 8463 s.3: PureEdDSA over the SHA-256 hash.
  return RawSign(parsed_->pkey.get(), parsed_->algorithm, hash);
}

}  // namespace postern
