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
gem "k", platforms: :windows
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
            ("k", "? *", 19, REGISTRY, MAY),
            ("h", "? *", 21, REGISTRY, MAY),
            ("i", "? *", 23, REGISTRY, MAY),
            ("j", "? *", 25, "git", RUN),
        ],
    ),
    "mix.exs": (
        """defmodule Own.MixProject do
  use Mix.Project

  def project do
    [app: :own, deps: deps()]
  end

  # {:not, "1.0"}
  defp deps do
    [
      {:a, "~> 1.0"},
      {:b, ">= 0.0.0", only: [:dev, :test], runtime: false},
      {:c, "~> 2.0", hex: :real, optional: true},
      {:g, github: "o/g", tag: "v1"},
      {:p, path: "../p"},
      {:u, in_umbrella: true},
      {:d, "== 3.0", [only: :test]}
    ]
  end
end
""",
        [
            ("a", "? ~> 1.0", 11, REGISTRY, RUN),
            ("b", "? >= 0.0.0", 12, REGISTRY, DEV),
            ("real", "? ~> 2.0", 13, REGISTRY, MAY),
            ("g", "? v1", 14, "git", RUN),
            ("p", "? *", 15, "file", RUN),
            ("u", "? *", 16, "workspace", RUN),
            ("d", "? == 3.0", 17, REGISTRY, DEV),
        ],
    ),
    "app/build.gradle": (
        """// g:no:1
buildscript {
    dependencies { classpath 'g:build:1.0' }
}
plugins {
    id 'java'
    id 'org.p' version '2.0' apply false
}
dependencies {
    implementation 'g:a:1.0'
    implementation "g:b:2.0", 'g:c'
    api group: 'g', name: 'd', version: '[3,4)'
    testImplementation('g:e:4.0') {
        exclude group: 'x', module: 'y'
    }
    implementation platform('g:bom:5')
    compileOnly "g:f:6@aar"
    implementation project(':own')
    /* implementation 'g:no:1' */
    if (special) {
        runtimeOnly 'g:h:7'
    }
    constraints {
        implementation 'g:no:1'
    }
    rhino 'g:i:8:sources'
}
task x { println 'g:no:1' }
""",
        [
            ("g:build", "? 1.0", 3, REGISTRY, DEV),
            ("org.p:org.p.gradle.plugin", "? 2.0", 7, REGISTRY, DEV),
            ("g:a", "? 1.0", 10, REGISTRY, RUN),
            ("g:b", "? 2.0", 11, REGISTRY, RUN),
            ("g:c", "? *", 11, REGISTRY, RUN),
            ("g:d", "? [3,4)", 12, REGISTRY, RUN),
            ("g:e", "? 4.0", 13, REGISTRY, DEV),
            ("g:bom", "? 5", 16, REGISTRY, RUN),
            ("g:f", "? 6", 17, REGISTRY, MAY),
            ("g:h", "? 7", 21, REGISTRY, MAY),
            ("g:i", "? 8", 26, REGISTRY, None),
        ],
    ),
    "build.gradle.kts": (
        """plugins {
    java
    kotlin("jvm") version "2.0"
    id("org.q").version("3.0")
    alias(libs.plugins.p)
}
dependencies {
    implementation("g:a:1.0")
    implementation(libs.b)
    testImplementation(kotlin("test"))
    api(group = "g", name = "d", version = "3")
    ksp("g:k:1") { because("x") }
    "own"("g:o:1")
    add("implementation", "g:z:9")
}
""",
        [
            ("org.jetbrains.kotlin.jvm:org.jetbrains.kotlin.jvm.gradle.plugin", "? 2.0", 3, REGISTRY, DEV),
            ("org.q:org.q.gradle.plugin", "? 3.0", 4, REGISTRY, DEV),
            ("g:a", "? 1.0", 8, REGISTRY, RUN),
            ("org.jetbrains.kotlin:kotlin-test", "? *", 10, REGISTRY, DEV),
            ("g:d", "? 3", 11, REGISTRY, RUN),
            ("g:k", "? 1", 12, REGISTRY, DEV),
            ("g:o", "? 1", 13, REGISTRY, None),
            ("g:z", "? 9", 14, REGISTRY, RUN),
        ],
    ),
}
