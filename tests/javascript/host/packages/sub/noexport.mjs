import {nope} from "./dep.js"
