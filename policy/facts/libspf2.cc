#include "policy/facts/libspf2.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
extern "C" {
#include <spf2/spf.h>
#include <spf2/spf_dns.h>
#include <spf2/spf_dns_rr.h>
#include <spf2/spf_log.h>
#include <spf2/spf_record.h>
#include <spf2/spf_request.h>
#include <spf2/spf_response.h>
#include <spf2/spf_server.h>
}

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>

#include <spdlog/spdlog.h>

#include "policy/base/call_free.h"

namespace postern {
namespace {

using SpfServer = std::unique_ptr<SPF_server_t, CallFree<SPF_server_free>>;
using SpfRequest = std::unique_ptr<SPF_request_t, CallFree<SPF_request_free>>;
using SpfResponse =
    std::unique_ptr<SPF_response_t, CallFree<SPF_response_free>>;
using SpfLibraryRecord =
    std::unique_ptr<SPF_record_t, CallFree<SPF_record_free>>;

// What libspf2's callbacks reach; no exception passes through its C frames.
struct Hook {
  SpfWalk* walk;
  bool has_thrown = false;

  template <typename Body, typename T>
  T Guard(T otherwise, Body body) noexcept {
    try {
      return body();
    } catch (const std::exception& e) {
      spdlog::error("spf: {}", e.what());
    }
    has_thrown = true;
    return otherwise;
  }
};

int Herrno(DnsStatus status) {
  switch (status) {
    case DnsStatus::kOk:
      return NETDB_SUCCESS;
    case DnsStatus::kNoData:
      return NO_DATA;
    case DnsStatus::kNxDomain:
      return HOST_NOT_FOUND;
    case DnsStatus::kTempError:
      return TRY_AGAIN;
  }
  return TRY_AGAIN;
}

// libspf2 aborts on a null answer; only the end of memory makes one.
SPF_dns_rr_t* ToLibrary(SPF_dns_server_t* layer, const char* name, ns_type type,
                        const DnsAnswer& answer) {
  constexpr int kTtl = 60;
  SPF_dns_rr_t* const rr =
      SPF_dns_rr_new_init(layer, name, type, kTtl, Herrno(answer.status));
  if (rr == nullptr) return nullptr;
  for (const DnsRecord& record : answer.records) {
    const std::size_t size = record.value.size() + 1;  // with the last NUL
    if (SPF_dns_rr_buf_realloc(
            rr, rr->num_rr, std::max<std::size_t>(size, 16)) != SPF_E_SUCCESS)
      break;
    std::memcpy(static_cast<void*>(rr->rr[rr->num_rr]), record.value.c_str(),
                size);
    ++rr->num_rr;
  }
  return rr;
}

extern "C" SPF_dns_rr_t* OnLookup(SPF_dns_server_t* layer, const char* name,
                                  ns_type type, int /*should_cache*/) {
  auto* const hook = static_cast<Hook*>(layer->hook);
  const DnsAnswer answer =
      hook->Guard(DnsAnswer{}, [&] { return hook->walk->Lookup(name); });
  return ToLibrary(layer, name, type, answer);
}

SPF_errcode_t Compile(SPF_server_t* server, SPF_response_t* response,
                      SPF_record_t** record, SpfWalk& walk, const char* token) {
  const SpfWalk::TokenRecord found = walk.Retrieve(token);
  switch (found.status) {
    case SpfWalk::Retrieval::kFound:
      return SPF_record_compile(server, response, record, found.text.c_str());
    case SpfWalk::Retrieval::kNone:
      response->result = SPF_RESULT_NONE;
      return SPF_E_NOT_SPF;
    case SpfWalk::Retrieval::kTempError:
      return SPF_E_DNS_ERROR;
    case SpfWalk::Retrieval::kPermError:
      return SPF_E_SYNTAX;
  }
  return SPF_E_INTERNAL_ERROR;
}

extern "C" SPF_errcode_t OnRetrieve(SPF_server_t* server,
                                    SPF_request_t* request,
                                    SPF_response_t* response,
                                    SPF_record_t** record) {
  *record = nullptr;
  auto* const hook = static_cast<Hook*>(server->resolver->hook);
  return hook->Guard(SPF_E_INTERNAL_ERROR, [&] {
    return Compile(server, response, record, *hook->walk, request->cur_dom);
  });
}

// libspf2 prints to the standard output and error unless it is told not to.
bool Silence() {
  SPF_info_handler = nullptr;
  SPF_warning_handler = nullptr;
  SPF_debug_handler = nullptr;
  return true;
}

SpfServer MakeServer(SPF_dns_server_t& layer) {
  [[maybe_unused]] static const bool is_silent = Silence();
  SpfServer server(SPF_server_new_dns(&layer, 0));
  if (!server) return nullptr;
  SPF_response_t* errors = nullptr;
  // Neither text leaves this file; without them libspf2 asks and expands.
  SPF_server_set_explanation(server.get(), "x", &errors);
  const SpfResponse owned(errors);
  SPF_server_set_rec_dom(server.get(), "r");
  // The walk counts; libspf2 counts otherwise than RFC 7208.
  SPF_server_set_max_dns_mech(server.get(), 1 << 20);
  return server;
}

SpfRequest MakeRequest(SPF_server_t* server, const IpAddress& address) {
  SpfRequest request(SPF_request_new(server));
  if (!request) return nullptr;
  const std::string_view octets = address.octets();
  if (address.family() == IpAddress::Family::kV4) {
    in_addr v4{};
    std::memcpy(&v4, octets.data(), sizeof v4);
    SPF_request_set_ipv4(request.get(), v4);
  } else {
    in6_addr v6{};
    std::memcpy(&v6, octets.data(), sizeof v6);
    SPF_request_set_ipv6(request.get(), v6);
  }
  SPF_request_set_helo_dom(request.get(), "h");  // and the sender
  request->cur_dom = SpfWalk::kFirstToken;
  return request;
}

SpfResult Translate(SPF_result_t result) {
  switch (result) {
    case SPF_RESULT_NEUTRAL:
      return SpfResult::kNeutral;
    case SPF_RESULT_PASS:
      return SpfResult::kPass;
    case SPF_RESULT_FAIL:
      return SpfResult::kFail;
    case SPF_RESULT_SOFTFAIL:
      return SpfResult::kSoftfail;
    case SPF_RESULT_NONE:
      return SpfResult::kNone;
    case SPF_RESULT_PERMERROR:
      return SpfResult::kPermError;
    case SPF_RESULT_TEMPERROR:
    case SPF_RESULT_INVALID:  // "should never return this", and does
      return SpfResult::kTempError;
  }
  return SpfResult::kTempError;
}

// nullopt: libspf2 failed.
std::optional<SpfResult> Interpret(SPF_server_t* server,
                                   const IpAddress& address) {
  const SpfRequest request = MakeRequest(server, address);
  if (!request) return std::nullopt;
  const SpfResponse response(SPF_response_new(request.get()));
  if (!response) return std::nullopt;
  SPF_record_t* fetched = nullptr;
  SPF_errcode_t code =
      SPF_server_get_record(server, request.get(), response.get(), &fetched);
  const SpfLibraryRecord record(fetched);
  if (code == SPF_E_SUCCESS && record) {
    response->spf_record_exp = record.get();
    code = SPF_record_interpret(record.get(), request.get(), response.get(), 0);
    response->spf_record_exp = nullptr;  // it would dangle
  }
  if (code == SPF_E_NO_MEMORY || code == SPF_E_INTERNAL_ERROR)
    return std::nullopt;
  return Translate(SPF_response_result(response.get()));
}

}  // namespace

SpfResult RunLibspf2(SpfWalk& walk, const IpAddress& address) {
  // A server is not for two threads, and takes as long to make as to ask.
  struct Own {
    SPF_dns_server_t layer{};
    SpfServer server;  // does not own the layer
  };
  static thread_local Own own;
  own.layer.lookup = OnLookup;
  own.layer.get_spf = OnRetrieve;
  own.layer.name = "postern";
  if (!own.server) own.server = MakeServer(own.layer);
  if (!own.server) return SpfResult::kTempError;
  Hook hook{&walk};
  own.layer.hook = &hook;
  const std::optional<SpfResult> result = Interpret(own.server.get(), address);
  own.layer.hook = nullptr;
  if (hook.has_thrown) return SpfResult::kTempError;
  if (walk.has_permerror()) return SpfResult::kPermError;
  if (!result) spdlog::error("spf: libspf2 failed");
  return result.value_or(SpfResult::kTempError);
}

}  // namespace postern
