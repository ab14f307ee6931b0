#include "policy/facts/opendkim.h"

// The header is C: it wants C's name for bool.
#define _Bool bool
#include <opendkim/dkim.h>
#undef _Bool

#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "policy/base/call_free.h"

namespace postern {
namespace {

using Handle = std::unique_ptr<DKIM, CallFree<dkim_free>>;

// The record was fetched before and travels as the handle's user context.
DKIM_CBSTAT GiveKey(DKIM* dkim, DKIM_SIGINFO* /*signature*/,
                    unsigned char* buffer, std::size_t size) {
  const auto* record =
      static_cast<const std::string*>(dkim_get_user_context(dkim));
  if (record == nullptr || record->size() >= size) return DKIM_CBSTAT_ERROR;
  std::memcpy(buffer, record->c_str(), record->size() + 1);
  return DKIM_CBSTAT_CONTINUE;
}

int OpenNothing(void** service) {
  static const char nothing = 0;
  // Null would make the library open it again; nobody writes to it.
  *service = const_cast<char*>(&nothing);
  return 0;
}
void CloseNothing(void* /*service*/) {}
// libopendkim's signature: six parameters.
// NOLINTNEXTLINE(readability-function-size)
int AskNothing(void* /*service*/, int /*type*/, unsigned char* /*name*/,
               unsigned char* /*buffer*/, std::size_t /*size*/,
               void** /*query*/) {
  return DKIM_DNS_ERROR;
}

DKIM_LIB* MakeLibrary() {
  DKIM_LIB* library = dkim_init(nullptr, nullptr);
  if (library == nullptr) return nullptr;
  dkim_set_key_lookup(library, GiveKey);
  // Its own resolver is made lazily and without a lock: none is to be made.
  dkim_dns_set_init(library, OpenNothing);
  dkim_dns_set_close(library, CloseNothing);
  dkim_dns_set_query_start(library, AskNothing);
  dkim_dns_init(library);
  // The guard has judged x= by our own clock; the library knows the system's
  // alone, and messages are also judged as of another day. A t= in the future
  // is no fault (RFC 6376 s.3.5 says MAY). Thirty years, which is as old as any
  // signature can be: the library takes it as an int, and subtracts it from t=
  // without a sign.
  std::uint64_t drift = 30ULL * 365 * 24 * 3600;
  dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_CLOCKDRIFT, &drift,
               sizeof drift);
  return library;
}

// Null when libopendkim could not start. Never closed: threads may outlive the
// end of main.
DKIM_LIB* Library() {
  static DKIM_LIB* const library = MakeLibrary();
  return library;
}

// dkim_geterror() may be null.
std::string Said(DKIM_STAT status, DKIM* handle) {
  const char* said = dkim_geterror(handle);
  return said != nullptr ? said : dkim_getresultstr(status);
}

DkimOutcome OutcomeOfStatus(DKIM_STAT status, DKIM* handle) {
  std::string reason = Said(status, handle);
  switch (status) {
    case DKIM_STAT_SYNTAX:
    case DKIM_STAT_NOSIG:
    case DKIM_STAT_CANTVRFY:
    case DKIM_STAT_NOKEY:
    case DKIM_STAT_REVOKED:
    case DKIM_STAT_MULTIDNSREPLY:
      return {DkimResult::kPermError, std::move(reason)};
    case DKIM_STAT_BADSIG:
      return {DkimResult::kFail, std::move(reason)};
    default:  // NORESOURCE, INTERNAL, INVALID, …: it did not judge
      return {DkimResult::kTempError, "libopendkim: " + reason};
  }
}

DkimOutcome OutcomeOfError(DKIM_SIGERROR error, int body_hash) {
  std::string reason = dkim_sig_geterrorstr(error);
  switch (error) {
    case DKIM_SIGERROR_BADSIG:
      return {DkimResult::kFail, body_hash == DKIM_SIGBH_MISMATCH
                                     ? "the body was changed"
                                     : "the signed header fields were changed"};
    case DKIM_SIGERROR_EXPIRED:
    case DKIM_SIGERROR_FUTURE:  // by its clock, or a t= before the year 2000
      return {DkimResult::kNeutral, "not examined: libopendkim: " + reason};
    case DKIM_SIGERROR_TOOLARGE_L:
      return {DkimResult::kFail, std::move(reason)};
    case DKIM_SIGERROR_KEYTOOSMALL:  // RFC 8301 s.3.2
      return {DkimResult::kPolicy, std::move(reason)};
    case DKIM_SIGERROR_UNKNOWN:
    case DKIM_SIGERROR_KEYFAIL:
      return {DkimResult::kTempError, "libopendkim: " + reason};
    default:  // RFC 6376 s.6.1.1: everything else is PERMFAIL for good
      return {DkimResult::kPermError, std::move(reason)};
  }
}

DkimOutcome OutcomeOf(DKIM_SIGINFO* signature) {
  const DKIM_SIGERROR error = dkim_sig_geterror(signature);
  const int body_hash = dkim_sig_getbh(signature);
  if (error != DKIM_SIGERROR_OK) return OutcomeOfError(error, body_hash);
  if (body_hash == DKIM_SIGBH_MISMATCH)
    return {DkimResult::kFail, "the body was changed"};
  const bool is_good =
      (dkim_sig_getflags(signature) & DKIM_SIGFLAG_PASSED) != 0;
  if (is_good && body_hash == DKIM_SIGBH_MATCH) return {DkimResult::kPass, ""};
  return {DkimResult::kTempError, "libopendkim did not judge it"};
}

DKIM_STAT FeedBody(DKIM* handle, std::string_view octets) {
  if (octets.empty()) return DKIM_STAT_OK;
  // libopendkim only reads it; its signature lacks the const.
  auto* data = const_cast<char*>(octets.data());
  return dkim_body(handle, reinterpret_cast<unsigned char*>(data),
                   octets.size());
}

DKIM_STAT FeedHeader(DKIM* handle, std::vector<std::string> fields) {
  for (std::string& field : fields) {
    const DKIM_STAT status = dkim_header(
        handle, reinterpret_cast<unsigned char*>(field.data()), field.size());
    if (status != DKIM_STAT_OK) return status;
  }
  return DKIM_STAT_OK;
}

// In one piece: the library's hash depends on where bare CRs are cut. It fails
// a relaxed body that does not end with CRLF.
DKIM_STAT FeedWholeBody(DKIM* handle, std::string_view body) {
  const DKIM_STAT status = FeedBody(handle, body);
  if (status != DKIM_STAT_OK || body.empty() || body.ends_with("\r\n"))
    return status;
  return FeedBody(handle, "\r\n");
}

// Null when there is not exactly one.
DKIM_SIGINFO* TheSignature(DKIM* handle) {
  DKIM_SIGINFO** signatures = nullptr;
  int count = 0;
  if (dkim_getsiglist(handle, &signatures, &count) != DKIM_STAT_OK ||
      count != 1)
    return nullptr;
  return signatures[0];
}

}  // namespace

DkimOutcome AskOpendkim(const std::vector<std::string>& header,
                        std::string_view body, const std::string& key_record) {
  if (Library() == nullptr)
    return {DkimResult::kTempError, "libopendkim did not start"};
  DKIM_STAT status = DKIM_STAT_OK;
  const auto* id = reinterpret_cast<const unsigned char*>("postern");
  const Handle handle(dkim_verify(Library(), id, nullptr, &status));
  if (!handle) return {DkimResult::kTempError, "libopendkim made no handle"};
  std::string record = key_record;
  dkim_set_user_context(handle.get(), &record);
  status = FeedHeader(handle.get(), header);
  if (status != DKIM_STAT_OK) return OutcomeOfStatus(status, handle.get());
  status = dkim_eoh(handle.get());
  DKIM_SIGINFO* const signature = TheSignature(handle.get());
  if (signature != nullptr && dkim_sig_geterror(signature) > DKIM_SIGERROR_OK)
    return OutcomeOf(signature);
  // It is the message that it cannot read: a From without an address.
  if (status == DKIM_STAT_SYNTAX)
    return {DkimResult::kNeutral,
            "not examined: libopendkim: " + Said(status, handle.get())};
  if (signature == nullptr) return OutcomeOfStatus(status, handle.get());
  if (status == DKIM_STAT_OK) status = FeedWholeBody(handle.get(), body);
  if (status == DKIM_STAT_OK) status = dkim_eom(handle.get(), nullptr);
  if (status == DKIM_STAT_OK)
    status = dkim_sig_process(handle.get(), signature);
  if (status == DKIM_STAT_OK || status == DKIM_STAT_BADSIG ||
      dkim_sig_geterror(signature) > DKIM_SIGERROR_OK)
    return OutcomeOf(signature);
  return OutcomeOfStatus(status, handle.get());
}

}  // namespace postern
