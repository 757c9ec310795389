import "./missing.js"
