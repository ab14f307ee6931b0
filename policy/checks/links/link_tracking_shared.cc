// link-tracking-shared: a mailing whose links all lead to a click tracker
// that its service's other customers share: Gmail counts the quota of its
// domain.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     421,
     {4, 7, 28},
     "an unusual rate of email containing one of your URL domains",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_bulk) return {};
  for (const LinkHost& host : facts.linking.hosts)
    if (host.host_class == HostClass::kClickTracker && host.is_led_to &&
        !host.is_own)
      return FailsWith("links lead to " + host.host);
  return {};
}

}  // namespace

constinit const Check kLinkTrackingShared = {
    .id = "link-tracking-shared",
    .rules = "L17",
    .summary =
        "The mailing's links lead to a click tracker that many senders share.",
    .fix =
        "track by a host of your own domain (a CNAME to the tracker), named in "
        "links.tracking_domains",
    .cites = "Gmail 4.7.28: the rate of mail with one of your URL domains",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
