#!/usr/bin/env node
import "../dist/coregram.js";
