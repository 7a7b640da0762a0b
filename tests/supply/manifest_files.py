"""One small manifest for each kind that is code or TOML, and what it declares; as in ``lock_files``."""

from typing import Any

REGISTRY, RUN, DEV, MAY = "registry", "runtime", "development", "optional"

# The workspace that a member below inherits from.
WORKSPACE = {
    "crates/Cargo.toml": """[workspace]
members = ["*"]
[workspace.dependencies]
shared = { version = "3.1", features = ["x"] }
"""
}

DECLARED: dict[str, tuple[str, list[Any]]] = {
    "crates/member/Cargo.toml": (
        """[package]
name = "member"

[dependencies]
a = "1.0"
renamed = { package = "real", version = "2" }
g = { git = "https://example.com/g", tag = "v1" }
own = { path = "../own" }
shared.workspace = true
may = { version = "4", optional = true }

[dev-dependencies.b]
version = "=0.3.1"

[build-dependencies]
"cc" = "1"

[target.'cfg(windows)'.dependencies]
winapi = "0.3"
""",
        [
            ("a", "? 1.0", 5, REGISTRY, RUN),
            ("real", "? 2", 6, REGISTRY, RUN),
            ("g", "? v1", 7, "git", RUN),
            ("own", "? ../own", 8, "file", RUN),
            ("shared", "? 3.1", 9, REGISTRY, RUN),
            ("may", "? 4", 10, REGISTRY, MAY),
            ("b", "? =0.3.1", 12, REGISTRY, DEV),
            ("cc", "? 1", 16, REGISTRY, DEV),
            ("winapi", "? 0.3", 19, REGISTRY, RUN),
        ],
    ),
    "Pipfile": (
        """[[source]]
url = "https://example.com/simple"
name = "own"

[packages]
a = "*"
b = {version = ">=2", extras = ["x"], index = "own"}
g = {git = "https://example.com/g.git", ref = "v1"}
f = {path = ".", editable = true}

[dev-packages]
c = "==3"

[docs]
d = "~=4.0"

[requires]
python_version = "3.12"
""",
        [
            ("a", "? *", 6, REGISTRY, RUN),
            ("b", "? >=2", 7, REGISTRY, RUN),
            ("g", "? v1", 8, "git", RUN),
            ("f", "? *", 9, "file", RUN),
            ("c", "? ==3", 12, REGISTRY, DEV),
            ("d", "? ~=4.0", 15, REGISTRY, MAY),
        ],
    ),
    "gradle/libs.versions.toml": (
        """[versions]
kotlin = "2.0"
rich = { strictly = "[1, 2[", prefer = "1.5" }

[libraries]
a = "g:a:1.0"
b = { module = "g:b", version.ref = "kotlin" }
c = { group = "g", name = "c", version = { require = "3" } }
d = { module = "g:d", version.ref = "rich" }
e = { module = "g:e" }

[bundles]
all = ["a", "b"]

[plugins]
p = { id = "org.p", version.ref = "kotlin" }
""",
        [
            ("g:a", "? 1.0", 6, REGISTRY, None),
            ("g:b", "? 2.0", 7, REGISTRY, None),
            ("g:c", "? 3", 8, REGISTRY, None),
            ("g:d", "? [1, 2[", 9, REGISTRY, None),
            ("g:e", "? *", 10, REGISTRY, None),
            ("org.p:org.p.gradle.plugin", "? 2.0", 16, REGISTRY, DEV),
        ],
    ),
    "Gemfile": (
        """# frozen_string_literal: true
source "https://example.com"
ruby file: ".ruby-version"
git_source(:own) { |repo| "https://example.com/#{repo}.git" }

gem "a"
gem 'b', "~> 1.0", ">= 1.0.2", require: false
gem("c", ["> 1", "< 3"])
gem "g", github: "o/g", branch: "main"
gem "p", :path => "../p"
group :development, :test do
  gem "d", "2.0" # why
  platforms :mri do
    gem "e",
        require: "e/x"
  end
end
gem "f", group: [:test]

if RUBY_VERSION > "3"
  gem "h"
end
gem "i" if ENV["I"]
git "https://example.com/j.git" do
  gem "j"
end
""",
        [
            ("a", "? *", 6, REGISTRY, RUN),
            ("b", "? ~> 1.0, >= 1.0.2", 7, REGISTRY, RUN),
            ("c", "? > 1, < 3", 8, REGISTRY, RUN),
            ("g", "? *", 9, "git", RUN),
            ("p", "? *", 10, "file", RUN),
            ("d", "? 2.0", 12, REGISTRY, DEV),
            ("e", "? *", 14, REGISTRY, DEV),
            ("f", "? *", 18, REGISTRY, DEV),
            ("h", "? *", 21, REGISTRY, MAY),
            ("i", "? *", 23, REGISTRY, MAY),
            ("j", "? *", 25, "git", RUN),
        ],
    ),
}
