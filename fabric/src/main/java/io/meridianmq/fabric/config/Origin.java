package io.meridianmq.fabric.config;

/** Where a value came from, as a person would look for it. */
sealed interface Origin {

    /** Lines and columns count from 1. */
    record InFile(String file, int line, int column) implements Origin {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }

    /** The file as a whole, for what is missing from it. */
    record WholeFile(String file) implements Origin {
        @Override
        public String toString() {
            return file;
        }
    }

    record InEnvironment(String variable) implements Origin {
        @Override
        public String toString() {
            return variable;
        }
    }

    record ByDefault() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }
}
