// The one table of options: every key the operator may write, with its type,
// default, limits and one sentence.
//
// Parsing, error messages, `postern print-config` and conf/postern.toml all
// come from it. A path is a pattern: "egress.<name>.addresses" stands for one
// table per name, "limits[].rates" for each table of a list.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/base/result.h"
#include "policy/config/config.h"

namespace postern {

// The struct that an option is a member of.
using Owner = std::variant<Config*, EgressRoute*, SigningDomain*, SigningKey*,
                           CheckPolicy*, LimitRule*, ReceiverProfile*,
                           SenderRule*, std::vector<Blocklist>*, Blocklist*,
                           StreamConfig*, WarmUpConfig*, MasqueradeRule*>;
// The member itself.
using Slot = std::variant<
    bool*, int*, unsigned*, double*, std::int64_t*, std::string*,
    std::chrono::milliseconds*, Mode*, Action*, std::optional<bool>*,
    std::optional<Action>*, std::optional<Domain>*, LimitCost*, LimitOver*,
    LimitStoreDown*, std::vector<LimitOverride>*, std::vector<WarmUpStep>*,
    UnlistedSenders*, KeyStage*, UnsignedMail*, std::optional<UnsignedMail>*,
    std::vector<std::string>*, std::vector<Domain>*, std::vector<IpAddress>*,
    std::vector<LimitKeyPart>*, std::vector<LimitRate>*,
    std::vector<ReturnCode>*, std::vector<IpNetwork>*>;

struct ValueType;  // value_type.h

enum class Presence { kOptional, kRequired };
enum class Reload { kYes, kNeedsRestart };

struct Option {
  std::string_view path;
  const ValueType* type = nullptr;
  std::string_view value;    // the default as TOML; empty: none
  std::string_view example;  // as TOML, where there is no telling default
  std::string_view doc;      // one sentence
  Slot (*slot)(Owner) = nullptr;
  // Integers as they are, durations in milliseconds. Both 0: unlimited.
  std::int64_t least = 0, most = 0;
  Presence presence = Presence::kOptional;
  Reload reload = Reload::kYes;
};

struct Instance {
  std::string name;  // empty in a list
  Owner owner;
};
// A table that may occur several times, by name or in a list.
struct Group {
  std::string_view path;     // "egress.<name>", "limits[]"
  std::string_view example;  // a name that could be
  std::string_view doc;
  // What the shipped postern.toml has of it, switched on; as TOML.
  std::string_view shipped = {};
  // A new instance in its parent, or why the name cannot be.
  Result<Instance> (*add)(Owner parent, const std::string& name) = nullptr;
  std::vector<Instance> (*list)(Owner parent) = nullptr;
};

// What one kind of file may hold.
struct Schema {
  std::span<const Option> options;
  std::span<const Group> groups;
};

[[nodiscard]] std::span<const Option> Options();
[[nodiscard]] Schema ConfigSchema();    // postern.toml
[[nodiscard]] Schema ReceiverSchema();  // receivers/*.toml

// "limits[].rates" is the leaf "rates" in the parent "limits[]".
[[nodiscard]] std::string_view ParentOf(std::string_view path);
[[nodiscard]] std::string_view LeafOf(std::string_view path);
[[nodiscard]] const Option* FindOption(const Schema& schema,
                                       std::string_view path);
// The group whose pattern is the path and its mark: "egress" and ".<name>".
[[nodiscard]] const Group* FindGroup(const Schema& schema,
                                     std::string_view path);
// The names that may follow a path: options, sections and groups below it.
[[nodiscard]] std::vector<std::string> ChildrenOf(const Schema& schema,
                                                  std::string_view path);

}  // namespace postern
