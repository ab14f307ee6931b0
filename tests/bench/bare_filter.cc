// bare_filter SOCKET [KEY.pem]: the least a libmilter filter can cost.
//
// Without a key it reads every message and does nothing. With a key it also
// takes SHA-256 over the body and makes one RSA signature of the digest, key
// parsed once: the limit that no signing filter can go below. Ends on SIGTERM;
// 2 when it cannot start.
// SPDX-License-Identifier: Apache-2.0
#include <libmilter/mfapi.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdio>
#include <memory>
#include <string>

#include "policy/base/call_free.h"

namespace {

using Key = std::unique_ptr<EVP_PKEY, postern::CallFree<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, postern::CallFree<EVP_MD_CTX_free>>;

Key signing_key;  // set before libmilter's threads start, then only read

// As a filter asks that must still be able to refuse a recipient.
constexpr unsigned long kNoReplies =
    SMFIP_NR_HDR | SMFIP_NR_EOH | SMFIP_NR_BODY;

// libmilter's signature: nine parameters.
// NOLINTNEXTLINE(readability-function-size)
sfsistat OnNegotiate(SMFICTX*, unsigned long actions, unsigned long protocol,
                     unsigned long, unsigned long, unsigned long* want_actions,
                     unsigned long* want_protocol, unsigned long* third,
                     unsigned long* fourth) {
  *want_actions = actions & SMFIF_ADDHDRS;
  *want_protocol = protocol & (kNoReplies | SMFIP_HDR_LEADSPC);
  *third = 0;
  *fourth = 0;
  return SMFIS_CONTINUE;
}

Digest* DigestOf(SMFICTX* context) {
  return static_cast<Digest*>(smfi_getpriv(context));
}

void Forget(SMFICTX* context) {
  delete DigestOf(context);
  smfi_setpriv(context, nullptr);
}

sfsistat OnMail(SMFICTX* context, char**) {
  Forget(context);
  if (!signing_key) return SMFIS_CONTINUE;
  auto digest = std::make_unique<Digest>(EVP_MD_CTX_new());
  EVP_DigestInit_ex(digest->get(), EVP_sha256(), nullptr);
  smfi_setpriv(context, digest.release());
  return SMFIS_CONTINUE;
}

sfsistat OnHeader(SMFICTX*, char*, char*) { return SMFIS_NOREPLY; }

sfsistat OnBody(SMFICTX* context, unsigned char* chunk, size_t size) {
  if (Digest* digest = DigestOf(context)) {
    EVP_DigestUpdate(digest->get(), chunk, size);
  }
  return SMFIS_NOREPLY;
}

sfsistat OnEom(SMFICTX* context) {
  Digest* digest = DigestOf(context);
  if (digest == nullptr) return SMFIS_CONTINUE;
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned hash_size = 0;
  EVP_DigestFinal_ex(digest->get(), hash, &hash_size);
  unsigned char signature[1024];
  std::size_t signature_size = sizeof signature;
  EVP_DigestSignInit(digest->get(), nullptr, EVP_sha256(), nullptr,
                     signing_key.get());
  const int ok = EVP_DigestSign(digest->get(), signature, &signature_size, hash,
                                hash_size);
  Forget(context);
  return ok == 1 ? SMFIS_CONTINUE : SMFIS_TEMPFAIL;
}

sfsistat OnAbort(SMFICTX* context) {
  Forget(context);
  return SMFIS_CONTINUE;
}

bool ReadKey(const char* path) {
  std::unique_ptr<std::FILE, postern::CallFree<std::fclose>> file(
      std::fopen(path, "r"));
  if (!file) return false;
  signing_key.reset(PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr));
  return signing_key != nullptr;
}

bool Register(const std::string& socket) {
  char name[] = "bare_filter";
  smfiDesc filter{};
  filter.xxfi_name = name;
  filter.xxfi_version = SMFI_VERSION;
  filter.xxfi_flags = SMFIF_ADDHDRS;
  filter.xxfi_envfrom = OnMail;
  filter.xxfi_header = OnHeader;
  filter.xxfi_body = OnBody;
  filter.xxfi_eom = OnEom;
  filter.xxfi_abort = OnAbort;
  filter.xxfi_close = OnAbort;
  filter.xxfi_negotiate = OnNegotiate;
  std::string connection = socket;
  return smfi_register(filter) == MI_SUCCESS &&
         smfi_setconn(connection.data()) == MI_SUCCESS &&
         smfi_opensocket(true) == MI_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fputs("usage: bare_filter SOCKET [KEY.pem]\n", stderr);
    return 2;
  }
  if (argc == 3 && !ReadKey(argv[2])) {
    std::fputs("bare_filter: cannot read the key\n", stderr);
    return 2;
  }
  if (!Register(argv[1])) return 2;
  return smfi_main() == MI_SUCCESS ? 0 : 2;
}
